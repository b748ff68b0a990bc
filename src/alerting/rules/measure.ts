import type { Analytics } from '../../analytics/analytics.ts';
import { MAX_GROUPS } from '../../analytics/create-analytics.ts';
import { onlyGroups } from '../../analytics/only-groups.ts';
import type { Group, GroupOrder, Scope } from '../../analytics/spec.ts';
import { batchesOf } from '../../core/batches.ts';
import { present } from '../../core/defined.ts';
import type { ShouldContinue } from '../lease/leased-work.ts';
import { measureBurnRate } from './burn-rate.ts';
import type { Measurement } from './decide-group.ts';
import type { Labels } from './group-states.ts';
import type { EventQuestion, Rule } from './rule.ts';
import { valueFrom, wantedMeasures } from './value-from.ts';

export type MeasuredRule = Pick<Rule, 'projectId' | 'question' | 'policy'>;

export interface MeasureOptions {
  /** The groups that have a stored state. */
  readonly known: readonly Labels[];
  /** The end of the window, in epoch milliseconds. */
  readonly now: number;
  readonly shouldContinue: ShouldContinue;
}

/** The maximum number of groups that one query names. */
const GROUPS_PER_QUESTION = 100;

/**
 * Measures what a rule asks for, over the window that ends now: each group with events, and each
 * known group. If there are more groups than one query returns, it first measures those that pass
 * the thresholds, as far as groups can be sorted by that; then as many of those with enough events;
 * then the known ones. Returns null if `shouldContinue` returned false.
 */
export async function measure(
  analytics: Pick<Analytics, 'totals' | 'groups'>,
  rule: MeasuredRule,
  { now, ...options }: MeasureOptions,
): Promise<readonly Measurement[] | null> {
  const { projectId, question, policy } = rule;
  if (question.aggregate === 'BURN_RATE') {
    const { shouldContinue } = options;
    const measurement = await measureBurnRate(analytics, projectId, { question, now, shouldContinue });
    return measurement && [measurement];
  }
  const { dataset, filter, windowMs } = question;
  const range = { from: now - windowMs, to: now };
  const scope: Scope = { dataset, projectId, range, filter };
  if (question.groupBy.length > 0)
    return measureGroups(analytics, { question, policy }, { ...options, scope });
  const stats = (await analytics.totals(scope, wantedMeasures(question))).value;
  return [{ labels: {}, value: valueFrom(question, stats), found: stats.rowCount > 0 }];
}

interface RuleOfEvents extends Pick<Rule, 'policy'> {
  readonly question: EventQuestion;
}

interface GroupsToMeasure extends Omit<MeasureOptions, 'now'> {
  readonly scope: Scope;
}

async function measureGroups(
  analytics: Pick<Analytics, 'groups'>,
  rule: RuleOfEvents,
  { scope, known, shouldContinue }: GroupsToMeasure,
): Promise<readonly Measurement[] | null> {
  const { question } = rule;
  const { groupBy: dimensions, minimumCount } = question;
  const ask = async (of: Scope, first: number, atLeast = 1): Promise<readonly Group[]> => {
    const options = { dimensions, orderBy: orderOf(rule), first, atLeast };
    return (await analytics.groups(of, wantedMeasures(question), options)).value;
  };
  const groups = [...(await ask(scope, MAX_GROUPS))];
  if (groups.length < MAX_GROUPS) return measurementsOf(question, groups, known);
  // Groups with too few events may have displaced others.
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
  return measurementsOf(question, groups, known);
}

/**
 * One measurement for each group, which may occur twice, and for each known group that is not among
 * them.
 */
function measurementsOf(
  question: EventQuestion,
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
 * The labels without a group. Their names are in the order of the question, because JSON columns
 * keep none.
 */
function without(
  question: EventQuestion,
  labels: readonly Labels[],
  groups: readonly Group[],
): readonly Labels[] {
  const found = new Set(groups.map(({ dimensions }) => keyOf(question, dimensions)));
  return labels
    .filter((values) => !found.has(keyOf(question, values)))
    .map((values) => Object.fromEntries(question.groupBy.map((name) => [name, values[name] ?? null])));
}

const keyOf = ({ groupBy }: EventQuestion, labels: Labels): string =>
  JSON.stringify(groupBy.map((name) => labels[name] ?? null));

/**
 * Sorts groups that pass the thresholds first. Groups cannot be sorted by every quantile, so the
 * 95th percentile stands for all.
 */
function orderOf({
  question: { aggregate, measure: name },
  policy: { comparator },
}: RuleOfEvents): GroupOrder {
  const direction = comparator === 'GT' || comparator === 'GTE' ? 'desc' : 'asc';
  if (aggregate === 'COUNT') return { by: 'count', direction };
  if (aggregate === 'ERROR_RATE') return { by: 'errorRate', direction };
  return { by: { measure: present(name), aggregate: ORDERS[aggregate] }, direction };
}

const ORDERS = {
  SUM: 'sum',
  AVG: 'avg',
  MIN: 'min',
  MAX: 'max',
  QUANTILE: 'p95',
  COUNT_DISTINCT: 'distinct',
} as const;
