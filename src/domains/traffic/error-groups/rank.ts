import { defined } from '../../../core/defined.ts';
import type { Interval } from '../../../core/time/range.ts';
import { compareText, type ErrorGroup } from './group.ts';

/** How to sort groups. Equal ones are sorted by fingerprint. */
export interface ErrorGroupOrder {
  readonly field: 'count' | 'firstSeen' | 'lastSeen';
  readonly direction: 'asc' | 'desc';
}

/**
 * The groups that may be among the first in the order, once their exact times are known. Many may
 * have been last seen on the same day; groups of earlier days cannot precede them.
 */
export function candidatesFor(
  groups: readonly ErrorGroup[],
  order: ErrorGroupOrder,
  first: number,
): ErrorGroup[] {
  if (order.field === 'count' || groups.length <= first) return firstOf(groups, order, first);
  const stretches = groups.map((group) => stretchOf(group, order));
  if (order.direction === 'desc') {
    const bound = defined(stretches.map(({ from }) => from).sort((one, other) => other - one)[first - 1]);
    return groups.filter((group) => stretchOf(group, order).to > bound);
  }
  const bound = defined(stretches.map(({ to }) => to).sort((one, other) => one - other)[first - 1]);
  return groups.filter((group) => stretchOf(group, order).from < bound);
}

/** The first groups of the order. */
export function firstOf(groups: readonly ErrorGroup[], order: ErrorGroupOrder, first: number): ErrorGroup[] {
  const sign = order.direction === 'desc' ? -1 : 1;
  const valueFor = (group: ErrorGroup) =>
    order.field === 'count' ? group.count : stretchOf(group, order).from;
  return groups
    .toSorted(
      (one, other) =>
        sign * (valueFor(one) - valueFor(other)) || compareText(one.fingerprint, other.fingerprint),
    )
    .slice(0, first);
}

function stretchOf(group: ErrorGroup, { field }: ErrorGroupOrder): Interval {
  return field === 'firstSeen' ? group.first : group.last;
}
