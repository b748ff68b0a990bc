import { derivedId } from '../core/ids.ts';
import { DAY_MS } from '../core/time/units.ts';
import { agentActivities } from '../declarations/agents/agent-activities.ts';
import { COORDINATION_SERVICE, LOG_FILE } from './coordination.ts';
import type { LogEntry } from './progress-log.ts';

/** Facts about the content of the log that is recorded. */
export interface LogFacts {
  readonly projectId: string;
  /** When the content changed, in epoch milliseconds. */
  readonly changedAt: number;
  /** The present in epoch milliseconds. */
  readonly now: number;
  /** For how many days the project keeps activities; null: forever. */
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
 * The activities of the lines of a log. The id of a line is derived from its agent, its time, its
 * text, and the number of identical lines above it: reading the log again gives the same ids,
 * wherever the line has moved. A line without a time gets the time at which the log changed. Lines
 * older than the retention of activities are left out: retention would remove them again and again.
 */
export function toActivities(entries: readonly LogEntry[], facts: LogFacts): ActivityInput[] {
  const { projectId, changedAt, now, keptDays } = facts;
  const oldest = keptDays === null ? 0 : now - keptDays * DAY_MS;
  const seen = new Map<string, number>();
  return entries.flatMap(({ agentId, time, message }) => {
    const content = JSON.stringify([LOG_FILE, agentId, time, message]);
    const before = seen.get(content) ?? 0;
    seen.set(content, before + 1);
    // A time more than a day ahead comes from a wrong clock and is ignored.
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
