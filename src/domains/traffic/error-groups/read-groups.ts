import type { Ends, Scope, Source } from '../../../analytics/spec.ts';
import type { Context } from '../../../graphql/context.ts';
import { type ErrorGroup, GROUP_DIMENSIONS, groupByFingerprint } from './group.ts';
import { candidatesFor, type ErrorGroupOrder, firstOf } from './rank.ts';

/** The first groups of an order, and how many there are. */
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
   * Whether it is wanted exactly when they were seen, and the newest of each: what rows alone tell.
   */
  readonly withEnds: boolean;
}

/**
 * Counts the groups where rollups hold them, by days, and asks the rows for the ends of those alone
 * that are shown, or that may have to be: as many statements for one group as for all.
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

/** What the rows do not tell stays known to the day. */
function withKnown(group: ErrorGroup, ends: Ends | undefined): ErrorGroup {
  const { firstAt, last } = ends ?? { firstAt: null, last: null };
  return {
    ...group,
    ...(firstAt !== null && { first: millisecondOf(firstAt) }),
    ...(last !== null && { last: millisecondOf(last.timestamp), sampleId: last.id }),
  };
}

const millisecondOf = (instant: number) => ({ from: instant, to: instant + 1 });
