import fc from 'fast-check';
import { expect, it } from 'vitest';
import { previewRule } from '../../../src/alerting/rules/preview.ts';
import type { EventQuestion, RulePolicy } from '../../../src/alerting/rules/rule.ts';
import { decideTransition, type GroupState, WELL } from '../../../src/alerting/rules/transition.ts';
import { valueFrom as measured, wantedMeasures } from '../../../src/alerting/rules/value-from.ts';
import type { Analytics } from '../../../src/analytics/analytics.ts';
import { createAnalytics } from '../../../src/analytics/create-analytics.ts';
import type { DimensionValues, Stats } from '../../../src/analytics/spec.ts';
import { isOneOf } from '../../../src/core/build-filter.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { useStore } from '../../analytics/support/open-store.ts';
import { llmCall } from '../../analytics/support/sample.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { type EventRule, ruleOf } from './support/rules.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NOON = Date.parse('2026-03-05T12:00:00Z');
/** One evaluation a minute, until the existing events have left most windows. */
const EVALUATIONS = 80;

/** The numbers of one evaluation as the evaluator reads them: by group, as JSON of its labels. */
async function readStats(
  analytics: Analytics,
  { projectId, question }: EventRule,
  at: number,
): Promise<Map<string, Stats>> {
  const range = { from: at - question.windowMs, to: at };
  const scope = { dataset: question.dataset, projectId, range, filter: question.filter };
  const wanted = wantedMeasures(question);
  if (question.groupBy.length === 0) return new Map([['{}', (await analytics.totals(scope, wanted)).value]]);
  const options = { orderBy: { by: 'count', direction: 'desc' }, first: 1000 } as const;
  const { value } = await analytics.groups(scope, wanted, { ...options, dimensions: question.groupBy });
  return new Map(value.map(({ dimensions, stats }) => [JSON.stringify(dimensions), stats]));
}

interface Firing {
  readonly labels: DimensionValues;
  readonly severity: string;
  readonly firedAt: number;
  readonly resolvedAt: number | null;
  readonly value: number | null;
  readonly threshold: number | null;
}

/** Evaluates the stored rule at each instant, one after the other. */
async function evaluate(
  analytics: Analytics,
  rule: EventRule,
  instants: readonly number[],
): Promise<Firing[]> {
  const states = new Map<string, GroupState>();
  const open = new Map<string, Firing>();
  const all: Firing[] = [];
  const end = (key: string, at: number): void => {
    const firing = open.get(key);
    if (firing !== undefined) all[all.indexOf(firing)] = { ...firing, resolvedAt: at };
    open.delete(key);
  };
  for (const at of instants) {
    const found = await readStats(analytics, rule, at);
    for (const key of new Set([...found.keys(), ...states.keys()])) {
      const value = measured(rule.question, found.get(key) ?? null);
      const alertStatus = open.has(key) ? 'OPEN' : null;
      const { state, action } = decideTransition({ ...rule.policy, eases: false }, states.get(key) ?? WELL, {
        value,
        alertStatus,
        now: at,
      });
      states.set(key, state);
      if (action.kind === 'RESOLVE') end(key, at);
      if (!('severity' in action)) continue;
      end(key, at);
      const { severity, threshold } = action;
      const firing = { labels: JSON.parse(key), severity, firedAt: at, resolvedAt: null, value, threshold };
      open.set(key, firing);
      all.push(firing);
    }
  }
  return all;
}

const inOrder = (firings: readonly Firing[]): Firing[] =>
  firings
    .map(({ labels, severity, firedAt, resolvedAt, value, threshold }) => ({
      labels,
      severity,
      firedAt,
      resolvedAt,
      value,
      threshold,
    }))
    .sort(
      (one, other) =>
        one.firedAt - other.firedAt || (JSON.stringify(one.labels) < JSON.stringify(other.labels) ? -1 : 1),
    );

/** An hour of calls of varying number: quiet stretches, bursts, failures. */
const traffic: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record({
      id: fc.uuid({ version: 4 }),
      burst: fc.nat(5),
      offset: fc.nat(10 * MINUTE - 1),
      provider: fc.constantFrom('openai', 'openai', 'mistral'),
      endUser: fc.constantFrom(null, 'ann', 'bob'),
      success: fc.boolean(),
      totalTokens: fc.integer({ min: 0, max: 100 }),
      cost: fc.option(fc.integer({ min: 0, max: 10 }), { freq: 4 }),
    }),
    { minLength: 5, maxLength: 50, size: 'max' },
  )
  .map((calls) =>
    calls.map(({ burst, offset, cost, ...call }) =>
      llmCall({ ...call, cost: cost && cost * 1e9, timestamp: NOON + burst * 10 * MINUTE + offset }),
    ),
  );

const questions: fc.Arbitrary<Partial<EventQuestion>> = fc
  .record({
    asked: fc.constantFrom(
      ['COUNT', null] as const,
      ['ERROR_RATE', null] as const,
      ['SUM', 'cost'] as const,
      ['AVG', 'totalTokens'] as const,
      ['MIN', 'totalTokens'] as const,
      ['MAX', 'cost'] as const,
    ),
    groupBy: fc.constantFrom([], ['provider'], ['endUser'], ['endUser', 'provider']),
    windowMs: fc.constantFrom(MINUTE, 5 * MINUTE, 7 * MINUTE + 500, 40 * MINUTE),
    minimumCount: fc.constantFrom(0, 0, 3),
    filter: fc.option(fc.constantFrom(isOneOf('provider', ['openai']), isOneOf('success', [true]))),
  })
  .map(({ asked: [aggregate, measure], ...rest }) => ({ ...rest, aggregate, measure }));

/** Thresholds among the existing values. */
const policies: fc.Arbitrary<Partial<RulePolicy>> = fc
  .record({
    comparator: fc.constantFrom('GT', 'GTE', 'LT', 'LTE'),
    low: fc.constantFrom(0.3, 1, 4, 30),
    high: fc.constantFrom(0, 1, 20),
    forMs: fc.constantFrom(0, 0, MINUTE, 6 * MINUTE),
    absent: fc.constantFrom('OK', 'KEEP', 'WARNING', 'CRITICAL'),
    only: fc.constantFrom('both', 'warning', 'critical'),
  })
  .map(({ low, high, only, ...rest }) => {
    const isMore = rest.comparator.startsWith('G');
    const [warning, critical] = isMore ? [low, low + high] : [low + high, low];
    return {
      ...rest,
      warning: only === 'critical' ? null : warning,
      critical: only === 'warning' ? null : critical,
    };
  });

describeEachDatabase('previewRule', (database) => {
  const opened = useStore(database);

  it('reports the same as evaluations of the rule at the same instants', async () => {
    let fired = 0;
    const analytics = createAnalytics({ store: opened.store });
    const range = { from: NOON + 5 * SECOND, to: NOON + EVALUATIONS * MINUTE };
    await fc.assert(
      fc.asyncProperty(
        traffic,
        fc.array(fc.tuple(questions, policies), { minLength: 2, maxLength: 3 }),
        async (rows, asked) => {
          const projectId = opened.newProject();
          await opened.append(projectId, llmCalls, rows);
          for (const [question, policy] of asked) {
            const rule = ruleOf(question, policy, projectId);
            const found = await previewRule({ analytics, now: range.to }, rule, range);
            const instants = Array.from({ length: EVALUATIONS }, (_, minute) => NOON + (minute + 1) * MINUTE);
            expect(found).toMatchObject({ step: MINUTE, evaluations: EVALUATIONS, groupsLeftOut: false });
            expect(inOrder(found.alerts)).toEqual(inOrder(await evaluate(analytics, rule, instants)));
            fired += found.alerts.length;
          }
        },
      ),
      { numRuns: 9 },
    );
    expect(fired).toBeGreaterThan(10);
  }, 180_000);
});
