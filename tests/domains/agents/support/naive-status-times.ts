/** An event of a task; events of the same minute are ordered by their ids. */
export interface NaiveEvent {
  readonly id: string;
  readonly taskId: string;
  readonly minute: number;
  readonly eventType: string;
  readonly newStatus: string | null;
  readonly changedBy: string | null;
}

export interface NaiveTime {
  readonly status: string;
  readonly count: number;
  readonly median: number;
  readonly p90: number;
  readonly average: number;
}

/** The stays that an event in [from, to) ended, task by task and event by event, in minutes. */
export function naiveStatusTimes(
  events: readonly NaiveEvent[],
  from: number,
  to: number,
  changedBy: string | null,
): NaiveTime[] {
  const stays = new Map<string, number[]>();
  for (const taskId of new Set(events.map((event) => event.taskId))) {
    let present: { status: string; since: number } | null = null;
    for (const event of inOrder(events).filter((one) => one.taskId === taskId)) {
      const deleted = event.eventType === 'DELETED';
      if (!deleted && (event.newStatus === null || event.newStatus === present?.status)) continue;
      const counts =
        event.minute >= from && event.minute < to && (changedBy === null || event.changedBy === changedBy);
      if (present !== null && counts) {
        stays.set(present.status, [...(stays.get(present.status) ?? []), event.minute - present.since]);
      }
      present = deleted ? null : { status: event.newStatus as string, since: event.minute };
    }
  }
  return [...stays]
    .map(([status, lengths]) => ({
      status,
      count: lengths.length,
      median: quantile(lengths, 0.5),
      p90: quantile(lengths, 0.9),
      average: lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
    }))
    .sort((one, other) => other.count - one.count || (one.status < other.status ? -1 : 1));
}

const inOrder = (events: readonly NaiveEvent[]): NaiveEvent[] =>
  events.toSorted((one, other) => one.minute - other.minute || (one.id < other.id ? -1 : 1));

/** Interpolated between the adjacent values. */
function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}
