import type { Ends, Scope, Source } from '../../../analytics/spec.ts';
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
  /**
   * Whether to read the exact first and last time and the newest error of each group, which only
   * rows have.
   */
  readonly withEnds: boolean;
}

/**
 * Counts the groups by days, from rollups where they suffice. Then reads the rows for the exact
 * ends, only of groups that are shown or may have to be. The number of statements does not depend
 * on the number of groups.
 */
export async function readErrorGroups(
  { services: { analytics, clock } }: Pick<Context, 'services'>,
  { scope, order, first, withEnds }: ErrorGroupsQuestion,
): Promise<ErrorGroups> {
  const { value, source } = await analytics.occurrences(scope, GROUP_DIMENSIONS, clock.now());
  const groups = groupByFingerprint(value);
  const candidates = candidatesFor(groups, order, first);
  const groupCount = groups.length;
  if (!withEnds && order.field === 'count') return { groups: candidates, groupCount, source };
  const wanted = candidates.map(({ fingerprint, first, last }) => ({ key: fingerprint, first, last }));
  const ends = await analytics.ends(scope, 'fingerprint', wanted);
  const known = candidates.map((group) => withKnown(group, ends.get(group.fingerprint)));
  return { groups: firstOf(known, order, first), groupCount, source };
}

/** Without a row, the time stays known only to the day. */
function withKnown(group: ErrorGroup, ends: Ends | undefined): ErrorGroup {
  const { firstAt, last } = ends ?? { firstAt: null, last: null };
  return {
    ...group,
    ...(firstAt !== null && { first: millisecondOf(firstAt) }),
    ...(last !== null && { last: millisecondOf(last.timestamp), sampleId: last.id }),
  };
}

const millisecondOf = (instant: number) => ({ from: instant, to: instant + 1 });
