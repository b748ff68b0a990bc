import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/time/units.ts';
import type { Random } from '../random.ts';
import type { MonthOptions } from '../rhythm.ts';
import { AGENTS, type AgentProfile } from './agents.ts';
import { type Job, silenceOf, teamRandom } from './jobs.ts';
import { type TeamEvent, teamEvent } from './team-event.ts';
import { type Reporting, timesOf } from './times.ts';
import { type Watch, watchAt } from './watches.ts';

/** Hour of the UTC day at which the agents are restarted. */
const RESTART_HOUR = 3;
/** Memory of the machine that all agents run on. */
const MACHINE_BYTES = 32 * 2 ** 30;

/** What an agent is doing at an instant. */
interface Doing {
  readonly status: 'ACTIVE' | 'IDLE' | 'BLOCKED';
  readonly task: string | null;
  /** When it began, in epoch milliseconds. */
  readonly since: number;
}

export interface AgentReporting extends Reporting {
  /** Whether agents do their watches besides their tasks. */
  readonly watching: boolean;
}

/** The metrics that the agents report in [from, to). */
export function playAgentMetrics(
  month: MonthOptions,
  jobs: readonly Job[],
  { from, to, everyMs, watching }: AgentReporting,
): TeamEvent[] {
  return AGENTS.flatMap((agent, index) => {
    const own = jobs.filter((job) => job.agent === agent);
    const until = agent.silent ? Math.min(to, silenceOf(month)) : to;
    return timesOf({ from, to: until, everyMs }, index * 1300).map((at) => {
      const doing = doingAt(own, at, watching ? watchAt(agent, at) : null);
      return reportAt(at, teamRandom(month, index, Math.floor(at / 1000)), { agent, doing });
    });
  });
}

function doingAt(jobs: readonly Job[], at: number, watch: Watch | null): Doing {
  const job = jobs.findLast(({ startedAt }) => startedAt <= at);
  if (job?.blocked && job.blocked.from <= at && at < job.blocked.to) {
    return { status: 'BLOCKED', task: job.taskId, since: job.blocked.from };
  }
  if (watch !== null) return { status: 'ACTIVE', task: watch.taskId, since: at };
  if (job !== undefined && at < job.reviewedFrom) {
    return { status: 'ACTIVE', task: job.taskId, since: job.startedAt };
  }
  return { status: 'IDLE', task: null, since: job?.reviewedFrom ?? at - HOUR_MS };
}

function reportAt(
  at: number,
  random: Random,
  { agent, doing }: { readonly agent: AgentProfile; readonly doing: Doing },
): TeamEvent {
  const works = doing.status === 'ACTIVE';
  const memoryUsage = Math.round(agent.memoryBytes * (works ? random.logNormal(1, 0.12) : 0.6));
  return teamEvent(random, {
    part: 'agentMetrics',
    at,
    event: {
      agentId: agent.agentId,
      status: doing.status,
      currentTask: doing.task ?? undefined,
      cpuUsage: rounded(works ? random.logNormal(70, 0.6) : random.logNormal(2, 0.5)),
      memoryUsage,
      memoryPercent: rounded((100 * memoryUsage) / MACHINE_BYTES),
      // Uncommitted files accumulate until the next commit.
      uncommittedChanges: works ? Math.floor(((at - doing.since) / (9 * MINUTE_MS)) % 8) : 0,
      uptimeSeconds: Math.floor(((at - RESTART_HOUR * HOUR_MS) % DAY_MS) / 1000),
      lastActivity: new Date(works ? at - random.integer(0, 9000) : doing.since).toISOString(),
      branch: `agents/${agent.agentId}`,
    },
  });
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
