import { MAX_GROUPS } from '../../analytics/create-analytics.ts';
import { onlyGroups } from '../../analytics/only-groups.ts';
import type { Analytics, Group, GroupOrder, Scope } from '../../analytics/spec.ts';
import { batchesOf } from '../../core/batches.ts';
import type { ShouldContinue } from '../lease/leased-work.ts';
import type { Measurement } from './decide-group.ts';
import type { Labels } from './group-states.ts';
import type { Rule, RuleQuestion } from './rule.ts';
import { valueFrom, wantedMeasures } from './value-from.ts';

export type MeasuredRule = Pick<Rule, 'projectId' | 'question' | 'policy'>;

/** A question names the values of so many groups, at most. */
const GROUPS_PER_QUESTION = 100;

/**
 * The numbers that a rule asks for, over the window that ends now: one look at each group that has
 * events, and at each known one. Of more groups than the read path gives at once those come that
 * pass the thresholds first, where its order can say which they are; as many again of those with
 * enough events; and the known ones. Null: it was not to go on.
 *
 * @param known the groups of which something is remembered.
 */
export async function measure(
  analytics: Pick<Analytics, 'totals' | 'groups'>,
  rule: MeasuredRule,
  known: readonly Labels[],
  now: number,
  shouldContinue: ShouldContinue,
): Promise<readonly Measurement[] | null> {
  const { projectId, question } = rule;
  const { dataset, filter, windowMs } = question;
  const range = { from: now - windowMs, to: now };
  const scope: Scope = { dataset, projectId, range, filter };
  if (question.groupBy.length > 0) return measureGroups(analytics, rule, scope, known, shouldContinue);
  const stats = (await analytics.totals(scope, wantedMeasures(question))).value;
  return [{ labels: {}, value: valueFrom(question, stats), found: stats.rowCount > 0 }];
}

async function measureGroups(
  analytics: Pick<Analytics, 'groups'>,
  rule: MeasuredRule,
  scope: Scope,
  known: readonly Labels[],
  shouldContinue: ShouldContinue,
): Promise<readonly Measurement[] | null> {
  const { question } = rule;
  const { groupBy: dimensions, minimumCount } = question;
  const ask = async (of: Scope, first: number, atLeast = 1): Promise<readonly Group[]> => {
    const options = { orderBy: orderOf(rule), first, atLeast };
    return (await analytics.groups(of, dimensions, wantedMeasures(question), options)).value;
  };
  const groups = [...(await ask(scope, MAX_GROUPS))];
  if (groups.length < MAX_GROUPS) return looksAt(question, groups, known);
  // Those that are too small to count may have taken the places of others.
  if (minimumCount > 1) {
    if (!(await shouldContinue())) return null;
    groups.push(...(await ask(scope, MAX_GROUPS, minimumCount)));
  }
  const missing = without(question, known, groups);
  for (const batch of batchesOf(missing, GROUPS_PER_QUESTION)) {
    if (!(await shouldContinue())) return null;
    const filter = onlyGroups({ filter: scope.filter, dimensions }, batch.map(Object.values));
    groups.push(...(await ask({ ...scope, filter }, batch.length)));
  }
  return looksAt(question, groups, known);
}

/**
 * One look at each of the groups, which may come twice, and at the known ones that are not among
 * them.
 */
function looksAt(
  question: RuleQuestion,
  groups: readonly Group[],
  known: readonly Labels[],
): readonly Measurement[] {
  const measurements = new Map<string, Measurement>();
  for (const { dimensions, stats } of groups) {
    const measurement = { labels: dimensions, value: valueFrom(question, stats), found: true };
    measurements.set(keyOf(question, dimensions), measurement);
  }
  const none = { value: valueFrom(question, null), found: false };
  return [
    ...measurements.values(),
    ...without(question, known, groups).map((labels) => ({ labels, ...none })),
  ];
}

/**
 * The labels of which there is no group, their names in the order of the question: JSON columns
 * keep none.
 */
function without(
  question: RuleQuestion,
  labels: readonly Labels[],
  groups: readonly Group[],
): readonly Labels[] {
  const found = new Set(groups.map(({ dimensions }) => keyOf(question, dimensions)));
  return labels
    .filter((values) => !found.has(keyOf(question, values)))
    .map((values) => Object.fromEntries(question.groupBy.map((name) => [name, values[name] ?? null])));
}

const keyOf = ({ groupBy }: RuleQuestion, labels: Labels): string =>
  JSON.stringify(groupBy.map((name) => labels[name] ?? null));

/**
 * Those come first that pass the thresholds. Groups can not be sorted by every quantile: the 95th
 * percentile stands for it.
 */
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
