import { derivedId } from '../core/ids.ts';
import { DAY_MS } from '../core/time/units.ts';
import { agentActivities } from '../declarations/agents/agent-activities.ts';
import { COORDINATION_SERVICE, LOG_FILE } from './coordination.ts';
import type { LogEntry } from './progress-log.ts';

/** Which content of the log is taken over, and for whom. */
export interface LogFacts {
  readonly projectId: string;
  /** When the content came to be, in epoch milliseconds. */
  readonly changedAt: number;
  /** The present in epoch milliseconds. */
  readonly now: number;
  /** How long the project keeps activities; null: for ever. */
  readonly keptDays: number | null;
}

/** An activity as a client would send it. */
export interface ActivityInput {
  readonly id: string;
  readonly timestamp: string;
  readonly service: string;
  readonly agentId: string;
  readonly activityType: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * The activities that the lines of a log stand for. A line's id follows from its agent, its time,
 * its words, and how many lines with the same stand above it: reading the log again gives the same
 * ids, wherever the line has moved. A line without a time happened when the log was written. Lines
 * older than the activities that are kept are left out: they would come back each time that they
 * have expired.
 */
export function toActivities(entries: readonly LogEntry[], facts: LogFacts): ActivityInput[] {
  const { projectId, changedAt, now, keptDays } = facts;
  const oldest = keptDays === null ? 0 : now - keptDays * DAY_MS;
  const seen = new Map<string, number>();
  return entries.flatMap(({ agentId, time, message }) => {
    const content = JSON.stringify([LOG_FILE, agentId, time, message]);
    const before = seen.get(content) ?? 0;
    seen.set(content, before + 1);
    // A clock that is a day ahead is wrong: such a time says nothing.
    const reported = time !== null && time <= now + DAY_MS ? time : null;
    const timestamp = reported ?? Math.min(changedAt, now);
    if (timestamp < oldest) return [];
    return {
      id: derivedId(projectId, agentActivities.name, `${content}${before}`),
      timestamp: new Date(timestamp).toISOString(),
      service: COORDINATION_SERVICE,
      agentId,
      activityType: 'progress',
      message,
      attributes: { file: LOG_FILE },
    };
  });
}
