import type { Random } from '../random.ts';
import type { MonthOptions } from '../rhythm.ts';
import { type Job, teamRandom } from './jobs.ts';
import { type TeamEvent, teamEvent } from './team-event.ts';

/**
 * What the agents do with each tool: how often, how long it takes in the median, how often it
 * fails.
 */
const TOOLS = [
  { tool: 'Read', mcpServer: null, weight: 34, medianMs: 12, fails: 0.01, asks: false },
  { tool: 'Bash', mcpServer: null, weight: 26, medianMs: 2_600, fails: 0.12, asks: true },
  { tool: 'Edit', mcpServer: null, weight: 24, medianMs: 35, fails: 0.03, asks: true },
  { tool: 'Grep', mcpServer: null, weight: 12, medianMs: 140, fails: 0.01, asks: false },
  { tool: 'create_issue', mcpServer: 'github', weight: 2, medianMs: 900, fails: 0.05, asks: true },
  { tool: 'search', mcpServer: 'handbook', weight: 2, medianMs: 450, fails: 0.2, asks: false },
] as const;
const REJECTED = 0.04;
const CALLS = 11;
/** Separates the draws of a session from those of its task, which must not change. */
const SESSION_DRAWS = 1;

/** The session in which an agent works on a task. */
export const sessionOf = ({ number }: Pick<Job, 'number'>): string => `session-${number}`;

/** The repository and the branch of an agent's work. */
export const tagsOf = ({ agent }: Pick<Job, 'agent'>) => ({
  repo: agent.repository,
  branch: `agents/${agent.agentId}`,
});

/** What the agent of a job does with tools, and what it counts. `commits` are those of the job. */
export function playSession(options: MonthOptions, job: Job, commits: readonly TeamEvent[]): TeamEvent[] {
  const random = teamRandom(options, job.number, 0, SESSION_DRAWS);
  const { startedAt, reviewedFrom } = job;
  const calls = Array.from({ length: CALLS + random.poisson(CALLS) }, () =>
    playToolCall(random, job, startedAt + Math.floor(random.next() * (reviewedFrom - startedAt))),
  );
  const count = (at: number, kind: string, amount: number) =>
    teamEvent(random, { part: 'agentUsage', at, event: { ...namesOf(job), kind, amount } });
  const counted = commits.flatMap(({ at, event: { linesAdded, linesDeleted } }) => [
    count(at, 'COMMITS', 1),
    ...(typeof linesAdded === 'number' ? [count(at, 'LINES_ADDED', linesAdded)] : []),
    ...(typeof linesDeleted === 'number' ? [count(at, 'LINES_REMOVED', linesDeleted)] : []),
  ]);
  const active = ((reviewedFrom - startedAt) / 1000) * (0.4 + 0.4 * random.next());
  return [
    count(startedAt, 'SESSIONS', 1),
    count(startedAt, 'PROMPTS', 1 + random.poisson(2)),
    ...calls,
    ...counted,
    count(reviewedFrom, 'ACTIVE_SECONDS', Math.round(active)),
  ];
}

const namesOf = (job: Job) => ({
  agentId: job.agent.agentId,
  sessionId: sessionOf(job),
  tags: tagsOf(job),
});

function playToolCall(random: Random, job: Job, at: number): TeamEvent {
  const { tool, mcpServer, medianMs, fails, asks } = random.weighted(TOOLS);
  const isRejected = asks && random.chance(REJECTED);
  const success = !isRejected && !random.chance(fails);
  return teamEvent(random, {
    part: 'toolCalls',
    at,
    event: {
      ...namesOf(job),
      tool,
      mcpServer,
      success,
      decision: isRejected ? 'REJECTED' : asks ? 'ACCEPTED' : 'AUTO',
      durationMs: isRejected ? null : Math.round(random.logNormal(medianMs, 0.9)),
      errorType: success || isRejected ? null : random.pick(['exit_status', 'timeout', 'not_found']),
    },
  });
}
