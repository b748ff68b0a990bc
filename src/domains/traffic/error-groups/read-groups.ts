import type { Ends, Scope, Source } from '../../../analytics/spec.ts';
import type { Interval } from '../../../core/time/range.ts';
import type { Context } from '../../../graphql/context.ts';
import { type ErrorGroup, GROUP_DIMENSIONS, groupByFingerprint } from './group.ts';
import { candidatesFor, type ErrorGroupOrder, firstOf } from './rank.ts';

/** The first groups of an order, and the number of all groups. */
export interface ErrorGroups {
  readonly groups: readonly ErrorGroup[];
  readonly groupCount: number;
  readonly source: Source;
}

export interface ErrorGroupsQuestion {
  readonly scope: Scope;
  readonly order: ErrorGroupOrder;
  readonly first: number;
  /** Only groups whose first error of the range lies in this interval; null for all. */
  readonly firstSeen: Interval | null;
  /**
   * Whether to read the exact first and last time and the newest error of each group, which only
   * rows have.
   */
  readonly withEnds: boolean;
}

/**
 * Counts the groups by days, from rollups where they suffice. Then reads rows for the exact ends,
 * only for groups that are shown or may have to be. The number of statements does not depend on the
 * number of groups.
 */
export async function readErrorGroups(
  context: Pick<Context, 'services'>,
  { scope, order, first, firstSeen, withEnds }: ErrorGroupsQuestion,
): Promise<ErrorGroups> {
  const { analytics, clock } = context.services;
  const { value, source } = await analytics.occurrences(scope, GROUP_DIMENSIONS, clock.now());
  const all = groupByFingerprint(value);
  const groups = firstSeen === null ? all : await beginningIn(context, { scope, groups: all, firstSeen });
  const candidates = candidatesFor(groups, order, first);
  const groupCount = groups.length;
  if (!withEnds && order.field === 'count') return { groups: candidates, groupCount, source };
  const known = await withExactEnds(context, scope, candidates);
  return { groups: firstOf(known, order, first), groupCount, source };
}

interface Beginning extends Pick<ErrorGroupsQuestion, 'scope'> {
  readonly groups: readonly ErrorGroup[];
  readonly firstSeen: Interval;
}

/**
 * The groups whose first error lies in the interval. For groups that begin on a day that the
 * interval cuts, rows decide. If the row has expired, the group begins with that day.
 */
async function beginningIn(
  context: Pick<Context, 'services'>,
  { scope, groups, firstSeen: { from, to } }: Beginning,
): Promise<ErrorGroup[]> {
  const isCut = ({ first }: ErrorGroup) =>
    (first.from < from && from < first.to) || (first.from < to && to < first.to);
  const begins = ({ first }: ErrorGroup) => from <= first.from && first.from < to;
  const known = await withExactEnds(context, scope, groups.filter(isCut));
  return [...groups.filter((group) => !isCut(group)), ...known].filter(begins);
}

async function withExactEnds(
  { services }: Pick<Context, 'services'>,
  scope: Scope,
  groups: readonly ErrorGroup[],
): Promise<ErrorGroup[]> {
  const wanted = groups.map(({ fingerprint, first, last }) => ({ key: fingerprint, first, last }));
  const ends = await services.analytics.ends(scope, 'fingerprint', wanted);
  return groups.map((group) => withKnown(group, ends.get(group.fingerprint)));
}

/** Without a row, the time remains known only to the day. */
function withKnown(group: ErrorGroup, ends: Ends | undefined): ErrorGroup {
  const { firstAt, last } = ends ?? { firstAt: null, last: null };
  return {
    ...group,
    ...(firstAt !== null && { first: millisecondOf(firstAt) }),
    ...(last !== null && { last: millisecondOf(last.timestamp), sampleId: last.id }),
  };
}

const millisecondOf = (instant: number) => ({ from: instant, to: instant + 1 });
