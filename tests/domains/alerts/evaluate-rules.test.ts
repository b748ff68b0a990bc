import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type AlertRules, alertRulesOf, BUSY as BUSY_RULE } from './support/alert-rules.ts';
import { type Evaluation, startEvaluation } from './support/evaluation.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

const BUSY = { ...BUSY_RULE, critical: 5 };

describeEachDatabase('alert rules', (database) => {
  let graphql: TestGraphQL;
  let rules: AlertRules;
  let evaluation: Evaluation;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
    rules = alertRulesOf(graphql.run);
    evaluation = startEvaluation(graphql);
  });
  afterEach(async () => {
    await evaluation.stop();
    await graphql[Symbol.asyncDispose]();
  });

  /** Records calls that happen now. */
  async function call(
    count: number,
    fields: Record<string, unknown> = {},
    projectId?: string,
  ): Promise<void> {
    const timestamp = new Date(graphql.clock.now() - 1).toISOString();
    const input = Array.from({ length: count }, () => llmCall({ timestamp, ...fields }));
    await graphql.data(RECORD, { input }, projectId);
  }

  const shown = (alerts: readonly Record<string, unknown>[]) =>
    alerts.map(({ severity, status, resolution, value }) => [severity, status, resolution, value]);

  test('fire, escalate and recover', async () => {
    await rules.change('createAlertRule', { ...BUSY, description: 'Look who calls.', type: 'COST' });
    await call(2);
    await evaluation.turn();
    expect(await rules.alerts()).toEqual([]);
    await call(1);
    await evaluation.turnAfter(SECOND);
    const [alert] = await rules.alerts(
      'alertId type severity status title message source metadata ruleId labels value threshold raisedAt',
    );
    expect(alert).toEqual({
      alertId: expect.stringMatching(/^rule:busy:[0-9a-f-]{36}$/),
      type: 'COST',
      severity: 'WARNING',
      status: 'OPEN',
      title: 'Many calls',
      message: 'The number of llmCalls over the last 60 s is 3, more than 2: WARNING.\n\nLook who calls.',
      source: 'rule:busy',
      metadata: null,
      ruleId: 'busy',
      labels: {},
      value: 3,
      threshold: 2,
      raisedAt: new Date(graphql.clock.now()).toISOString(),
    });
    await call(3);
    await evaluation.turnAfter(SECOND);
    expect(shown(await rules.alerts())).toEqual([
      ['WARNING', 'RESOLVED', 'ESCALATED', 3],
      ['CRITICAL', 'OPEN', null, 6],
    ]);
    // Two of them leave the window, then three: four are still too many, but no longer critical.
    await evaluation.turnAfter(MINUTE - 2 * SECOND);
    expect(shown(await rules.alerts()).at(-1)).toEqual(['CRITICAL', 'OPEN', null, 6]);
    await evaluation.turnAfter(6 * SECOND);
    expect(shown(await rules.alerts()).at(-1)).toEqual(['CRITICAL', 'RESOLVED', 'RECOVERED', 6]);
    expect(await rules.rule('busy', 'states { level }')).toEqual({ states: [] });
  });

  test('wait as long as `for` says, and show that they wait', async () => {
    await rules.change('createAlertRule', { ...BUSY, for: 'PT10S', window: 'PT5M' });
    const states = 'states { labels level since absentSince alert { alertId status } }';
    await call(3);
    const since = new Date(graphql.clock.now()).toISOString();
    await evaluation.turn();
    const pending = { labels: {}, level: 'PENDING', since, absentSince: null, alert: null };
    expect(await rules.rule('busy', states)).toEqual({ states: [pending] });
    graphql.clock.advance(9 * SECOND);
    await call(1);
    await evaluation.turn();
    expect(await rules.rule('busy', states)).toEqual({ states: [pending] });
    await call(1);
    // The values have been bad for long enough, but a window of five minutes is not evaluated each
    // second.
    await evaluation.turnAfter(SECOND);
    expect(await rules.alerts()).toEqual([]);
    await evaluation.turnAfter(4 * SECOND);
    expect(shown(await rules.alerts())).toEqual([['WARNING', 'OPEN', null, 5]]);
    const [state] = (await rules.rule('busy', states)).states;
    expect(state).toEqual({
      labels: {},
      level: 'WARNING',
      since: new Date(graphql.clock.now()).toISOString(),
      absentSince: null,
      alert: { alertId: expect.stringMatching(/^rule:busy:/), status: 'OPEN' },
    });
  });

  test('recover when all values have been good for as long as `recoverAfter` says', async () => {
    await rules.change('createAlertRule', { ...BUSY, recoverAfter: 'PT2M' });
    await call(3);
    await evaluation.turn();
    await evaluation.turnAfter(MINUTE);
    const states = async () =>
      (await rules.rule('busy', 'states { level wellSince alert { status } }')).states;
    const wellSince = new Date(graphql.clock.now()).toISOString();
    const recovers = { level: 'WARNING', wellSince, alert: { status: 'OPEN' } };
    expect(await states()).toEqual([recovers]);
    await evaluation.turnAfter(MINUTE);
    expect(await states()).toEqual([recovers]);
    await call(3);
    await evaluation.turnAfter(SECOND);
    expect(await states()).toEqual([{ ...recovers, wellSince: null }]);
    await evaluation.turnAfter(MINUTE);
    await evaluation.turnAfter(2 * MINUTE);
    expect(await states()).toEqual([]);
    expect(shown(await rules.alerts('severity status resolution value'))).toEqual([
      ['WARNING', 'RESOLVED', 'RECOVERED', 3],
    ]);
  });

  test('see only events of their project that match their filter', async () => {
    await rules.change('createAlertRule', { ...BUSY, filter: { provider: { eq: 'anthropic' } } });
    await alertRulesOf(graphql.run, 'other').change('createAlertRule', BUSY);
    await call(6);
    await call(2, { provider: 'anthropic' });
    await evaluation.turn();
    expect(await rules.alerts()).toEqual([]);
    await call(3, {}, 'other');
    await evaluation.turnAfter(SECOND);
    expect(await rules.alerts()).toEqual([]);
    expect(shown(await alertRulesOf(graphql.run, 'other').alerts())).toEqual([['WARNING', 'OPEN', null, 3]]);
  });

  test('evaluate each group separately, and remember groups whose silence is significant', async () => {
    const silent = {
      ...BUSY,
      comparator: 'LT',
      warning: 1,
      critical: null,
      groupBy: ['provider', 'endUser'],
    };
    await rules.change('createAlertRule', silent);
    await call(1, { provider: 'openai', endUser: 'ann' });
    await call(1, { provider: 'openai' });
    await evaluation.turn();
    const wells = (await rules.rule('busy', 'states { labels level since alert { alertId } }')).states;
    expect(wells).toHaveLength(2);
    const well = { level: 'OK', since: null, alert: null };
    expect(wells).toContainEqual({ ...well, labels: { provider: 'openai', endUser: 'ann' } });
    expect(wells).toContainEqual({ ...well, labels: { provider: 'openai', endUser: null } });
    await evaluation.turnAfter(MINUTE);
    await call(1, { provider: 'openai', endUser: 'ann' });
    await evaluation.turnAfter(SECOND);
    const alerts = await rules.alerts('severity status resolution labels value threshold title');
    expect(alerts).toHaveLength(2);
    expect(alerts).toContainEqual({
      severity: 'WARNING',
      status: 'OPEN',
      resolution: null,
      labels: { provider: 'openai', endUser: null },
      value: 0,
      threshold: 1,
      title: 'Many calls: provider "openai", endUser none',
    });
    const isAnn = expect.objectContaining({
      labels: { provider: 'openai', endUser: 'ann' },
      status: 'RESOLVED',
    });
    expect(alerts).toContainEqual(isAnn);
    await evaluation.turnAfter(MINUTE);
    expect(await rules.alerts('labels', { status: { eq: 'OPEN' } })).toHaveLength(2);
    // A week later, their return is no longer expected.
    await evaluation.turnAfter(7 * 24 * HOUR);
    expect(await rules.alerts('labels', { status: { eq: 'OPEN' } })).toEqual([]);
    expect(await rules.rule('busy', 'states { labels }')).toEqual({ states: [] });
  });

  test('treat absence as configured', async () => {
    const mean = { ...BUSY, aggregate: 'AVG', measure: 'latencyMs', warning: 500, critical: null };
    await rules.change('createAlertRule', { ...mean, ruleId: 'silence', absent: 'CRITICAL' });
    await rules.change('createAlertRule', { ...mean, ruleId: 'keeps', absent: 'KEEP' });
    await rules.change('createAlertRule', { ...mean, ruleId: 'few', minimumCount: 2, absent: 'WARNING' });
    await evaluation.turn();
    const fields = 'ruleId severity status value threshold message';
    expect(await rules.alerts(fields, { ruleId: { eq: 'silence' } })).toEqual([
      {
        ruleId: 'silence',
        severity: 'CRITICAL',
        status: 'OPEN',
        value: null,
        threshold: null,
        message: 'There was nothing to measure in llmCalls in the last 60 s.',
      },
    ]);
    await call(1, { latencyMs: 600 });
    await evaluation.turnAfter(SECOND);
    const open = async () =>
      (await rules.alerts('ruleId value', { status: { eq: 'OPEN' } }))
        .map(({ ruleId, value }) => [ruleId, value])
        .sort();
    // The values are still bad, but no longer critical: the alert stays.
    expect(await open()).toEqual([
      ['few', null],
      ['keeps', 600],
      ['silence', null],
    ]);
    await call(1, { latencyMs: 0 });
    await evaluation.turnAfter(SECOND);
    expect(await open()).toEqual([]);
    await call(1, { latencyMs: 2000 });
    await evaluation.turnAfter(SECOND);
    expect(await open()).toEqual(['few', 'keeps', 'silence'].map((ruleId) => [ruleId, 2600 / 3]));
    await evaluation.turnAfter(2 * MINUTE);
    // For the rule that fires on silence, silence is worse than a slow mean.
    expect(await open()).toEqual([
      ['few', 2600 / 3],
      ['keeps', 2600 / 3],
      ['silence', null],
    ]);
    expect(await rules.rule('keeps', 'states { level absentSince }')).toEqual({
      states: [{ level: 'WARNING', absentSince: new Date(graphql.clock.now()).toISOString() }],
    });
  });

  test('raise another alert when reminders are due after one was resolved manually', async () => {
    await rules.change('createAlertRule', { ...BUSY, window: 'PT1H', renotify: 'PT10M' });
    await call(3);
    await evaluation.turn();
    const [first] = await rules.alerts('alertId');
    await graphql.services.alerting.alertBook.change('default', (writer) =>
      writer.resolve(first.alertId, 'BY_HAND', 'ann'),
    );
    await evaluation.turnAfter(9 * MINUTE);
    expect(shown(await rules.alerts())).toEqual([['WARNING', 'RESOLVED', 'BY_HAND', 3]]);
    await evaluation.turnAfter(MINUTE);
    expect(shown(await rules.alerts())).toEqual([
      ['WARNING', 'RESOLVED', 'BY_HAND', 3],
      ['WARNING', 'OPEN', null, 3],
    ]);
  });

  test('write no more than a note of their evaluation while nothing changes', async () => {
    await rules.change('createAlertRule', BUSY);
    await rules.change('createAlertRule', {
      ...BUSY,
      ruleId: 'other',
      comparator: 'LT',
      warning: 1,
      critical: null,
    });
    await call(4);
    await evaluation.turn();
    const position = await graphql.services.alerting.alertBook.position('default');
    const writes: string[] = [];
    const { store } = graphql.services;
    const transact: typeof store.transact = (key, work) => {
      writes.push(key);
      return store.transact(key, work);
    };
    const other = startEvaluation(graphql, {
      store: { prisma: store.prisma, dialect: store.dialect, transact },
    });
    await evaluation.stop();
    for (let turn = 0; turn < 8; turn++) await other.turnAfter(SECOND);
    await call(1);
    await other.turnAfter(2 * SECOND);
    await other.stop();
    // The evaluator took the lease, extended it when others might want it, and released it.
    const ofLease = writes.filter((key) => key === 'lease:alert-rules');
    expect(ofLease).toHaveLength(database.dialect === 'sqlite' ? 2 : 5);
    // It recorded its first evaluation of both rules once.
    expect(writes.filter((key) => key !== 'lease:alert-rules')).toEqual(['alerts:default']);
    expect(await graphql.services.alerting.alertBook.position('default')).toBe(position);
  });
});
