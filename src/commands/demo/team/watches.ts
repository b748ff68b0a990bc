import type { MonthOptions } from '../rhythm.ts';
import { AGENTS, type AgentProfile } from './agents.ts';
import { teamRandom } from './jobs.ts';
import { drawHex, type TeamEvent, teamEvent } from './team-event.ts';

const PERIOD_MS = 50_000;
/** Rounds of the agents differ in length, so that they drift against each other. */
const PERIOD_STEP_MS = 7_000;
const FIRST_NUMBER = 100_000;
/** Part of a round in which the agent looks. */
const LOOKING = 0.4;

/**
 * A task that is never done: while the demo runs, an agent looks at the same thing again and again,
 * so that the board moves.
 */
export interface Watch {
  readonly taskId: string;
  readonly title: string;
  readonly agent: AgentProfile;
  readonly periodMs: number;
  readonly number: number;
}

export const WATCHES: readonly Watch[] = AGENTS.flatMap((agent, index) =>
  agent.watches === undefined
    ? []
    : {
        taskId: `WATCH-${index + 1}`,
        title: agent.watches,
        agent,
        periodMs: PERIOD_MS + index * PERIOD_STEP_MS,
        number: FIRST_NUMBER + index,
      },
);

/** The watch of the agent that it is looking at; null: it is not. */
export function watchAt(agent: AgentProfile, time: number): Watch | null {
  const watch = WATCHES.find((one) => one.agent === agent);
  return watch !== undefined && time % watch.periodMs < LOOKING * watch.periodMs ? watch : null;
}

/** What happens in [from, to): the beginnings and ends of looks, and what comes of them. */
export function playWatches(options: MonthOptions, from: number, to: number): TeamEvent[] {
  return WATCHES.flatMap((watch) => {
    const events: TeamEvent[] = [];
    for (let round = Math.floor(from / watch.periodMs); round * watch.periodMs < to; round++) {
      events.push(...playRound(options, watch, round));
    }
    return events.filter(({ at }) => at >= from && at < to);
  });
}

function playRound(options: MonthOptions, { taskId, title, agent, periodMs, number }: Watch, round: number) {
  const random = teamRandom(options, number, round);
  const begin = round * periodMs;
  const end = begin + Math.ceil(LOOKING * periodMs);
  const { agentId, repository } = agent;
  const move = (at: number, eventType: string, previousStatus: string, newStatus: string) =>
    teamEvent(random, 'taskEvents', at, {
      taskId,
      title,
      eventType,
      previousStatus,
      newStatus,
      assignedTo: agentId,
      changedBy: agentId,
    });
  const mends = random.chance(0.15);
  const message = `${title}: ${mends ? 'mended a warning' : 'all is well'}`;
  const events = [
    move(begin, 'STARTED', 'standby', 'on_watch'),
    move(end, 'UPDATED', 'on_watch', 'standby'),
    teamEvent(random, 'agentActivities', end, { agentId, activityType: 'watch', message, taskId }),
  ];
  if (!mends) return events;
  const commit = {
    commitHash: drawHex(random, 40),
    agentId,
    authorName: agentId,
    authorEmail: `${agentId}@agents.acme.example`,
    message: `Mend a warning of ${taskId}`,
    branch: 'main',
    repository,
    filesChanged: 1,
    linesAdded: random.integer(1, 12),
    linesDeleted: random.integer(0, 6),
  };
  return [...events, teamEvent(random, 'gitCommits', end, commit)];
}
