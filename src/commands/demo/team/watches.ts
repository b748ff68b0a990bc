import type { MonthOptions } from '../rhythm.ts';
import { AGENTS, type AgentProfile } from './agents.ts';
import { teamRandom } from './jobs.ts';
import { drawHex, type TeamEvent, teamEvent } from './team-event.ts';

const PERIOD_MS = 50_000;
/** Each agent has a period of its own, so that their checks do not coincide. */
const PERIOD_STEP_MS = 7_000;
const FIRST_NUMBER = 100_000;
/** Share of the period during which the agent checks. */
const CHECKING_SHARE = 0.4;

/**
 * A task that never ends: while the demo runs, an agent checks the same thing periodically, so that
 * the task board changes.
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

/** The watch that the agent is on at the time; null if it is not checking then. */
export function watchAt(agent: AgentProfile, time: number): Watch | null {
  const watch = WATCHES.find((one) => one.agent === agent);
  return watch !== undefined && time % watch.periodMs < CHECKING_SHARE * watch.periodMs ? watch : null;
}

/** The events in [from, to): the start and the end of each check, and its results. */
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
  const start = round * periodMs;
  const end = start + Math.ceil(CHECKING_SHARE * periodMs);
  const { agentId, repository } = agent;
  const moveAt = (at: number, move: Readonly<Record<'eventType' | 'previousStatus' | 'newStatus', string>>) =>
    teamEvent(random, {
      part: 'taskEvents',
      at,
      event: { taskId, title, ...move, assignedTo: agentId, changedBy: agentId },
    });
  const fixes = random.chance(0.15);
  const message = `${title}: ${fixes ? 'fixed a warning' : 'no problems found'}`;
  const events = [
    moveAt(start, { eventType: 'STARTED', previousStatus: 'standby', newStatus: 'on_watch' }),
    moveAt(end, { eventType: 'UPDATED', previousStatus: 'on_watch', newStatus: 'standby' }),
    teamEvent(random, {
      part: 'agentActivities',
      at: end,
      event: { agentId, activityType: 'watch', message, taskId },
    }),
  ];
  if (!fixes) return events;
  const commit = {
    commitHash: drawHex(random, 40),
    agentId,
    authorName: agentId,
    authorEmail: `${agentId}@agents.acme.example`,
    message: `Fix warning reported by ${taskId}`,
    branch: 'main',
    repository,
    filesChanged: 1,
    linesAdded: random.integer(1, 12),
    linesDeleted: random.integer(0, 6),
  };
  return [...events, teamEvent(random, { part: 'gitCommits', at: end, event: commit })];
}
