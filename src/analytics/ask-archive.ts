import type { ArchivedRows, ArchiveReader } from '../archive/archived-rows.ts';
import { defined } from '../core/defined.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { Interval } from '../core/time/range.ts';
import { DAY_MS } from '../core/time/units.ts';
import { isOfRows, type Segment } from './cover.ts';
import type { Plan } from './plan.ts';
import { toIso } from './plan-words.ts';
import type { QuerySpec } from './spec.ts';

/** Which rows the planner may take from the archive. */
export interface ArchiveState {
  /** The archive is assumed to have every row from this instant on. */
  readonly since: number;
  /** Why not from an earlier instant, in words for users. */
  readonly why: string | null;
}

interface Attempt<Found> {
  /**
   * Plans for this state of the archive (null: without the archive), and reads what the plan says.
   */
  answer(state: ArchiveState | null, opened: ReadsArchive<Found>): Promise<Found>;
  /**
   * How many events the totals of each day count, by the instant at which the day begins. Days
   * without totals are left out.
   */
  countDays(range: Interval): Promise<ReadonlyMap<number, number>>;
}

/** Runs a read of a plan with the rows of the archive that the plan reads. */
export type ReadsArchive<Found> = (
  plan: Plan,
  read: (rows: ArchivedRows | null) => Promise<Found>,
) => Promise<Found>;

/** The archive lacks rows of a day that the plan reads. */
class Lacking extends Error {
  readonly day: number;

  constructor(day: number) {
    super(`The archive lacks rows of ${dayOf(day)}`);
    this.day = day;
  }
}

const dayOf = (instant: number): string => toIso(instant).slice(0, 10);

/**
 * Answers a question. Where the planner needs expired rows and the question asks for them, they
 * come from the archive. At first, the planner assumes that the archive has every day. Each day
 * that it reads must then have as many rows as the totals of the day count. If one has not, only
 * rows after that day count as kept, and the question is planned again. So a missing file never
 * leads to a wrong number.
 *
 * @param archive null: there is none
 */
export async function askArchive<Found>(
  archive: ArchiveReader | null,
  spec: Pick<QuerySpec, 'dataset' | 'projectId' | 'archive'>,
  { answer, countDays }: Attempt<Found>,
): Promise<Found> {
  if (spec.archive !== true) return answer(null, (_plan, read) => read(null));
  if (archive === null)
    throw new InvalidArgument(
      'This server keeps no archive of expired rows: omit `archive`, or set RETENTION_ARCHIVE_DIR.',
      'archive',
    );
  const opened: ReadsArchive<Found> = async (plan, read) => {
    const days = archivedDays(plan.segments);
    if (days.length === 0) return read(null);
    const range = { from: defined(days[0]).from, to: defined(days.at(-1)).to };
    const before = await countDays(range);
    return archive.read({ ...spec, days }, async (rows) => {
      // Events of old days may arrive at any time. Those that arrived while the rows were read do
      // not matter.
      const after = await countDays(range);
      const lacking = startsOf(days).findLast((day) => {
        const count = rows.counts.get(day) ?? 0;
        return !(count >= (before.get(day) ?? Number.NaN) && count <= (after.get(day) ?? Number.NaN));
      });
      if (lacking !== undefined) throw new Lacking(lacking);
      return read(rows);
    });
  };
  for (let state: ArchiveState = { since: Number.NEGATIVE_INFINITY, why: null }; ; ) {
    try {
      return await answer(state, opened);
    } catch (error) {
      if (!(error instanceof Lacking)) throw error;
      state = {
        since: error.day + DAY_MS,
        why: `the archive does not have every row of ${dayOf(error.day)}`,
      };
    }
  }
}

/** The whole UTC days that the plan reads from the archive: ascending, disjoint. */
function archivedDays(segments: readonly Segment[]): readonly Interval[] {
  const ranges = segments.filter(({ source }) => source === 'ARCHIVE').flatMap((segment) => segment.ranges);
  const days: { from: number; to: number }[] = [];
  for (const range of ranges) {
    const from = Math.floor(range.from / DAY_MS) * DAY_MS;
    const to = Math.ceil(range.to / DAY_MS) * DAY_MS;
    const last = days.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else days.push({ from, to });
  }
  return days;
}

const startsOf = (days: readonly Interval[]): number[] =>
  days.flatMap(({ from, to }) =>
    Array.from({ length: (to - from) / DAY_MS }, (_, index) => from + index * DAY_MS),
  );

/**
 * The plan, with archived rows for everything before an instant: the time of the oldest rows that
 * are kept.
 */
export function withArchive(plan: Plan, before: number, why: string | null): Plan {
  const isBefore = plan.segments.filter(isOfRows).some(({ ranges }) => defined(ranges[0]).from < before);
  const reason = why === null ? plan.reason : `${plan.reason}; ${why}`;
  if (!isBefore) return { ...plan, reason };
  const segments = plan.segments.flatMap((segment): Segment[] =>
    isOfRows(segment)
      ? [
          {
            source: segment.source,
            ranges: within(segment.ranges, { from: before, to: Number.POSITIVE_INFINITY }),
          },
          {
            source: 'ARCHIVE',
            ranges: within(segment.ranges, { from: Number.NEGATIVE_INFINITY, to: before }),
          },
        ]
      : [segment],
  );
  const read = segments.filter(({ ranges }) => ranges.length > 0);
  return {
    ...plan,
    kind: read.length === 1 ? 'ARCHIVE' : 'MIXED',
    segments: read,
    reason: `${reason}; rows before ${toIso(before)} come from the archive`,
  };
}

const within = (ranges: readonly Interval[], { from, to }: Interval): Interval[] =>
  ranges
    .map((range) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter((range) => range.from < range.to);
