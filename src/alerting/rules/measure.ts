import type { Filter, FilterTest } from '../../core/filter.ts';
import { MAX_GROUPS } from '../../query/create-analytics.ts';
import type { Analytics, Group, GroupOrder, Scope } from '../../query/spec.ts';
import type { Look } from './decide-group.ts';
import type { Labels } from './group-states.ts';
import type { Rule, RuleQuestion } from './rule.ts';
import { valueFrom, wantedMeasures } from './value-from.ts';

export type MeasuredRule = Pick<Rule, 'projectId' | 'question' | 'policy'>;

/** A question names the values of so many groups, at most. */
const GROUPS_PER_QUESTION = 100;

/**
 * The numbers that a rule asks for, over the window that ends now: one look at each group that has events, and at each known one. Of more
 * groups than the read path gives at once those come that pass the thresholds first, where its order can say which they are, and
 * the known ones.
 *
 * @param known the groups of which something is remembered.
 */
export async function measure(
  analytics: Pick<Analytics, 'totals' | 'groups'>,
  rule: MeasuredRule,
  known: readonly Labels[],
  now: number,
): Promise<readonly Look[]> {
  const { projectId, question } = rule;
  const { dataset, filter, windowMs } = question;
  const range = { from: now - windowMs, to: now };
  const scope: Scope = { dataset, projectId, range, filter, expired: 'LEAVE_OUT' };
  if (question.groupBy.length > 0) return measureGroups(analytics, rule, scope, known);
  const stats = (await analytics.totals(scope, wantedMeasures(question))).value;
  return [{ labels: {}, value: valueFrom(question, stats), found: stats.rowCount > 0 }];
}

async function measureGroups(
  analytics: Pick<Analytics, 'groups'>,
  rule: MeasuredRule,
  scope: Scope,
  known: readonly Labels[],
): Promise<readonly Look[]> {
  const { question } = rule;
  const ask = async (of: Scope, first: number): Promise<readonly Group[]> => {
    const options = { orderBy: orderOf(rule), first };
    return (await analytics.groups(of, question.groupBy, wantedMeasures(question), options)).value;
  };
  const groups = [...(await ask(scope, MAX_GROUPS))];
  const isFull = groups.length === MAX_GROUPS;
  const missing = without(question, known, groups);
  for (let at = 0; isFull && at < missing.length; at += GROUPS_PER_QUESTION) {
    const portion = missing.slice(at, at + GROUPS_PER_QUESTION);
    groups.push(...(await ask({ ...scope, filter: ofGroups(scope.filter, portion) }, portion.length)));
  }
  const none = { value: valueFrom(question, null), found: false };
  return [
    ...groups.map(({ dimensions, stats }) => ({
      labels: dimensions,
      value: valueFrom(question, stats),
      found: true,
    })),
    ...without(question, missing, groups).map((labels) => ({ labels, ...none })),
  ];
}

/** The labels of which there is no group, their names in the order of the question: JSON columns keep none. */
function without(
  { groupBy }: RuleQuestion,
  labels: readonly Labels[],
  groups: readonly Group[],
): readonly Labels[] {
  const key = (values: Labels): string => JSON.stringify(groupBy.map((name) => values[name] ?? null));
  const found = new Set(groups.map(({ dimensions }) => key(dimensions)));
  return labels
    .filter((values) => !found.has(key(values)))
    .map((values) => Object.fromEntries(groupBy.map((name) => [name, values[name] ?? null])));
}

/** Those come first that pass the thresholds. Groups can not be sorted by every quantile: the 95th percentile stands for it. */
function orderOf({
  question: { aggregate, measure: name },
  policy: { comparator },
}: MeasuredRule): GroupOrder {
  const direction = comparator === 'GT' || comparator === 'GTE' ? 'desc' : 'asc';
  if (aggregate === 'COUNT') return { by: 'count', direction };
  if (aggregate === 'ERROR_RATE') return { by: 'errorRate', direction };
  return { by: { measure: name as string, aggregate: ORDERS[aggregate] }, direction };
}

const ORDERS = { SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max', QUANTILE: 'p95' } as const;

/** The filter, and one of these groups. */
function ofGroups(filter: Filter | null, groups: readonly Labels[]): Filter {
  const each = groups.map(
    (labels): Filter => both(Object.entries(labels).map(([name, value]) => isValue(name, value))),
  );
  const [only] = each;
  const any: Filter = each.length === 1 && only !== undefined ? only : { kind: 'or', all: each };
  return both(filter === null ? [any] : [filter, any]);
}

/** Groups hold at least two parts, none of their own kind. */
function both(parts: readonly Filter[]): Filter {
  const all = parts.flatMap((part) => (part.kind === 'and' ? part.all : [part]));
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : { kind: 'and', all };
}

const isValue = (field: string, value: FilterTest['value']): FilterTest => ({
  kind: 'test',
  field,
  operator: 'eq',
  value,
  negated: false,
});
