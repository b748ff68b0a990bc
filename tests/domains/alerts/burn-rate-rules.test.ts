import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CHECKOUT, slosOf } from '../catalog/support/slos.ts';
import { alertRulesOf } from './support/alert-rules.ts';
import { type Evaluation, startEvaluation } from './support/evaluation.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The budget of 28 days would be used up in two; the SRE workbook recommends a page for that. */
const FAST = {
  ...{ ruleId: 'fast-burn', name: 'The budget burns fast', aggregate: 'BURN_RATE', sloId: 'checkout' },
  ...{ window: 'PT1H', comparator: 'GTE', critical: 14.4 },
};
const ALERT = 'severity status resolution message value threshold';

describeEachDatabase('a rule on the burn rate of an SLO', (database) => {
  let graphql: TestGraphQL;
  let evaluation: Evaluation;
  let odd: Awaited<ReturnType<typeof begin>>;
  /** The projects whose rules have sent queries, and how many queries ran at the same time. */
  const asked = { projects: [] as string[], now: 0, most: 0 };
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { totals, groups } = graphql.services.analytics;
    const counted: typeof totals = (scope, measures) => {
      asked.projects.push(scope.projectId);
      asked.most = Math.max(asked.most, ++asked.now);
      return totals(scope, measures).finally(() => asked.now--);
    };
    evaluation = startEvaluation(graphql, { analytics: { totals: counted, groups } });
    odd = await begin('odd');
  });
  afterAll(async () => {
    await evaluation.stop();
    await graphql[Symbol.asyncDispose]();
  });

  async function begin(projectId: string) {
    const slos = slosOf(graphql, projectId);
    await slos.change('createSlo', CHECKOUT);
    const run = (source: string, variables?: Record<string, unknown>) =>
      graphql.run(source, variables, projectId);
    return { slos, rules: alertRulesOf(run, projectId), run };
  }

  test('fires when both windows burn, and recovers when the short one stops', async () => {
    const { slos, rules, run } = await begin('fires');
    const rule = await rules.change('createAlertRule', FAST);
    expect(rule).toMatchObject({ dataset: 'requestLogs', filter: null, measure: null, problem: null });
    const start = graphql.clock.now();
    // 20 % of the hour are bad, but none of the last five minutes: 10 of 50 and 0 of 10.
    await slos.record(40, 10, 30 * MINUTE);
    await slos.record(10, 0, MINUTE);
    await evaluation.turnAfter(MINUTE);
    expect(await rules.alerts(ALERT)).toEqual([]);
    // Now 20 of 70 are bad, and 10 of 20 of the last five minutes: burn rates of 28.57 and 50.
    await slos.record(10, 10, SECOND);
    await slos.record(10, 0, 20 * MINUTE);
    await evaluation.turnAfter(MINUTE);
    const alert = {
      ...{ severity: 'CRITICAL', value: expect.closeTo(200 / 7), threshold: 14.4 },
      message:
        'The burn rate of the SLO "checkout" over the last 60 min and the last 5 min is 28.57, 14.4 or ' +
        'more: CRITICAL.',
    };
    expect(await rules.alerts(ALERT)).toEqual([{ ...alert, status: 'OPEN', resolution: null }]);
    // The hour still burns, but the last five minutes do not.
    await slos.record(20, 0, -4 * MINUTE);
    await evaluation.turnAfter(6 * MINUTE);
    expect(await slos.status('burnRate(over: "PT1H")')).toEqual({ burnRate: expect.closeTo(200 / 9) });
    expect(await rules.alerts(ALERT)).toEqual([{ ...alert, status: 'RESOLVED', resolution: 'RECOVERED' }]);
    const source = `query ($input: PreviewAlertRuleInput!, $range: TimeRangeInput!) {
      previewAlertRule(input: $input, range: $range) {
        step evaluations groups firings { firedAt resolvedAt severity value worst }
      }
    }`;
    const at = (milliseconds: number) => new Date(start + milliseconds).toISOString();
    const range = { from: at(-HOUR), to: at(8 * MINUTE) };
    // Each evaluation finds the events recorded by then, and the late events at their own time.
    const previewed = await run(source, { input: { ...FAST, ruleId: null, name: null }, range });
    expect(previewed.data?.previewAlertRule).toEqual({
      ...{ step: 'PT1M', evaluations: 68, groups: 1 },
      firings: [
        {
          ...{ firedAt: at(-29 * MINUTE), resolvedAt: at(-24 * MINUTE), severity: 'CRITICAL' },
          ...{ value: 25, worst: 25 },
        },
        {
          ...{ firedAt: at(MINUTE), resolvedAt: at(6 * MINUTE), severity: 'CRITICAL' },
          ...{ value: expect.closeTo(200 / 7), worst: expect.closeTo(200 / 7) },
        },
      ],
    });
  });

  test('measures nothing if there are too few events, or if the short window has none', async () => {
    const { slos, rules } = await begin('silent');
    await rules.change('createAlertRule', { ...FAST, minimumCount: 10, absent: 'WARNING' });
    await slos.record(9, 9, SECOND);
    await evaluation.turnAfter(MINUTE);
    const warned = { severity: 'WARNING', status: 'OPEN', resolution: null, value: null, threshold: null };
    const message =
      'There were too few filtered requestLogs in the last 60 min and the last 5 min to determine the burn rate.';
    expect(await rules.alerts(ALERT)).toEqual([{ ...warned, message }]);
    await slos.record(1, 0, SECOND);
    await evaluation.turnAfter(MINUTE);
    expect(await rules.alerts('severity value')).toEqual([
      { severity: 'WARNING', value: null },
      { severity: 'CRITICAL', value: 90 },
    ]);
  });

  test('starts afresh when its SLO changes in meaning, and prevents the deletion of its SLO', async () => {
    const { slos, rules, run } = await begin('changed');
    await slos.record(10, 5, SECOND);
    await rules.change('createAlertRule', FAST);
    await evaluation.turnAfter(SECOND);
    const values = () => rules.alerts('value resolution');
    expect(await values()).toEqual([{ value: 50, resolution: null }]);
    await slos.change('updateSlo', { sloId: 'checkout', name: 'Other', window: 'P7D' });
    expect(await values()).toEqual([{ value: 50, resolution: null }]);
    await slos.change('updateSlo', { sloId: 'checkout', objective: 0.98 });
    expect(await values()).toEqual([{ value: 50, resolution: 'RULE_CHANGED' }]);
    await evaluation.turnAfter(SECOND);
    expect(await values()).toEqual([
      { value: 50, resolution: 'RULE_CHANGED' },
      { value: 25, resolution: null },
    ]);
    const hopeless = await slos.refuse('updateSlo', { sloId: 'checkout', objective: 0.9 });
    expect(hopeless).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.objective' });
    expect(hopeless.message).toMatch(/^The alert rule "fast-burn" evaluates .* never passed: .* 0 to 10,/);
    expect(await slos.refuse('deleteSlo', { sloId: 'checkout' })).toMatchObject({
      ...{ code: 'CONFLICT', argument: 'input.sloId', alertRules: ['fast-burn'] },
    });
    const related = await run('{ slo(sloId: "checkout") { alertRules { nodes { ruleId slo { name } } } } }');
    expect(related.data?.slo.alertRules.nodes).toEqual([{ ruleId: 'fast-burn', slo: { name: 'Other' } }]);
    const counting = { aggregate: 'COUNT', sloId: null, critical: 100 };
    expect(await rules.change('updateAlertRule', { ruleId: 'fast-burn', ...counting })).toMatchObject({
      ...{ dataset: 'requestLogs', aggregate: 'COUNT' },
    });
    await slos.change('deleteSlo', { sloId: 'checkout' });
    expect(await rules.refuse('updateAlertRule', FAST)).toMatchObject({
      message: 'There is no SLO "checkout".',
    });
  });

  test('may have had another aggregate before, and names an SLO of its own project', async () => {
    const { rules } = await begin('turned');
    const { ruleId, name, comparator, critical, window } = FAST;
    const counting = { ruleId, name, comparator, critical, window, dataset: 'llmCalls', aggregate: 'COUNT' };
    await rules.change('createAlertRule', counting);
    const turned = await rules.change('updateAlertRule', {
      ruleId,
      aggregate: 'BURN_RATE',
      sloId: 'checkout',
    });
    expect(turned).toMatchObject({ aggregate: 'BURN_RATE', dataset: 'requestLogs' });
    const elsewhere = alertRulesOf((source, variables) => graphql.run(source, variables, 'elsewhere'));
    expect((await elsewhere.refuse('createAlertRule', FAST)).message).toBe('There is no SLO "checkout".');
  });

  test('runs one query after the other: all events of both windows, then the good ones', async () => {
    const { slos, rules } = await begin('turns');
    await slos.change('updateSlo', { sloId: 'checkout', good: { latencyMs: { lt: 60 } } });
    await slos.record(5, 5, SECOND);
    await slos.record(5, 0, SECOND, { latencyMs: 60 });
    await rules.change('createAlertRule', FAST);
    await evaluation.turnAfter(SECOND);
    expect(await rules.alerts('value')).toEqual([{ value: 50 }]);
    expect(asked.projects.filter((projectId) => projectId === 'turns')).toHaveLength(4);
    expect(asked.most).toBe(1);
  });

  test('says why it cannot be evaluated if its SLO is gone nevertheless', async () => {
    const { rules } = await begin('gone');
    await rules.change('createAlertRule', FAST);
    await graphql.services.store.prisma.slo.deleteMany({ where: { projectId: 'gone' } });
    await evaluation.turnAfter(SECOND);
    expect((await rules.rule('fast-burn')).problem).toBe('There is no SLO "checkout".');
  });

  test.each([
    [{ sloId: null }, 'sloId', /^BURN_RATE needs `sloId`/],
    [{ sloId: 'other' }, 'sloId', /^There is no SLO "other"/],
    [{ aggregate: 'COUNT', dataset: 'llmCalls' }, 'sloId', /^COUNT takes no SLO/],
    [{ dataset: 'llmCalls' }, 'dataset', /which are requestLogs: omit `dataset`/],
    [{ filter: {} }, 'filter', /omit `filter`/],
    [{ groupBy: ['endpoint'] }, 'groupBy', /single error budget/],
    [{ measure: 'latencyMs' }, 'measure', /omit `measure`/],
    [{ comparator: 'LT' }, 'comparator', /GT or GTE/],
    [{ window: 'PT119S' }, 'window', /at least PT2M.*not PT119S/],
    [{ critical: 101 }, 'critical', /never passed: BURN_RATE is from 0 to 100/],
    [{ aggregate: 'COUNT', sloId: null }, 'dataset', /^`dataset` is required/],
  ])('refuses %j', async (wrong, argument, message) => {
    const refused = await odd.rules.refuse('createAlertRule', { ...FAST, ...wrong });
    expect(refused.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: `input.${argument}` });
    expect(refused.message).toMatch(message);
  });
});
