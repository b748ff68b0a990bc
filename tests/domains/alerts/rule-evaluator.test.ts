import { afterEach, beforeEach, expect, test } from 'vitest';
import { InvalidArgument } from '../../../src/core/errors.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type AlertRules, alertRulesOf, BUSY } from './support/alert-rules.ts';
import { startEvaluation } from './support/evaluation.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describeEachDatabase('the evaluator of rules', (database) => {
  let graphql: TestGraphQL;
  let rules: AlertRules;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
    rules = alertRulesOf(graphql.run);
  });
  afterEach(() => graphql[Symbol.asyncDispose]());

  async function record(calls: readonly Record<string, unknown>[]): Promise<void> {
    const timestamp = new Date(graphql.clock.now() - 1).toISOString();
    const input = calls.map((fields) => llmCall({ timestamp, ...fields }));
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input,
    });
  }

  const openAlerts = (selection = 'ruleId') => rules.alerts(selection, { status: { eq: 'OPEN' } });

  test('shows in a rule why it cannot be evaluated, logs it once, and continues with the others', async () => {
    await rules.change('createAlertRule', { ...BUSY, ruleId: 'broken' });
    await rules.change('createAlertRule', BUSY);
    await record([{}, {}, {}]);
    const { prisma } = graphql.services.store;
    await prisma.alertRule.updateMany({ where: { ruleId: 'broken' }, data: { dataset: 'gone' } });
    const evaluation = startEvaluation(graphql);
    for (let turn = 0; turn < 3; turn++) await evaluation.turnAfter(SECOND);
    expect(await openAlerts()).toEqual([{ ruleId: 'busy' }]);
    const broken = await rules.rule('broken');
    expect(broken.problem).toMatch(/^There is no dataset "gone"\. There are requestLogs, /);
    expect(evaluation.log).toEqual([
      {
        message: 'An alert rule cannot be evaluated',
        details: { projectId: 'default', ruleId: 'broken', err: expect.any(InvalidArgument) },
      },
    ]);
    expect(await rules.change('updateAlertRule', { ruleId: 'broken', dataset: 'llmCalls' })).toMatchObject({
      problem: null,
    });
    await evaluation.turnAfter(SECOND);
    expect(await openAlerts()).toHaveLength(2);
    await evaluation.stop();
  });

  test('forgets a problem that no longer exists', async () => {
    await rules.change('createAlertRule', BUSY);
    await record([{}, {}, {}]);
    let failure: Error | null = new Error('out of memory');
    const { analytics } = graphql.services;
    const evaluation = startEvaluation(graphql, {
      analytics: {
        groups: analytics.groups,
        totals: (...question) => (failure === null ? analytics.totals(...question) : Promise.reject(failure)),
      },
    });
    await evaluation.turnAfter(SECOND);
    expect((await rules.rule('busy')).problem).toBe(
      'The evaluation failed unexpectedly: see the server log.',
    );
    failure = new InvalidArgument('Rows before then have expired.', 'range');
    await evaluation.turnAfter(6 * SECOND);
    await evaluation.turnAfter(6 * SECOND);
    const { problem, updatedAt, createdAt } = await rules.rule('busy');
    expect([problem, updatedAt]).toEqual(['Rows before then have expired.', createdAt]);
    expect(evaluation.log).toHaveLength(2);
    failure = null;
    await evaluation.turnAfter(6 * SECOND);
    expect((await rules.rule('busy')).problem).toBeNull();
    expect(await openAlerts()).toHaveLength(1);
    await evaluation.stop();
  });

  test('finds a group that fires among more groups than an answer can hold', async () => {
    const median = { ...BUSY, aggregate: 'QUANTILE', measure: 'latencyMs', quantile: 0.5, warning: 50 };
    await rules.change('createAlertRule', {
      ...median,
      groupBy: ['endUser'],
      filter: { provider: { eq: 'openai' } },
    });
    const evaluation = startEvaluation(graphql);
    await record([{ endUser: 'slow', latencyMs: 100 }, { latencyMs: 90 }]);
    await evaluation.turn();
    expect(await openAlerts('labels')).toHaveLength(2);
    // Groups are sorted by the 95th percentile, so all of these come before it.
    const users = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
    await record(users.flatMap((endUser) => [0, 0, 1000].map((latencyMs) => ({ endUser, latencyMs }))));
    await evaluation.turnAfter(SECOND);
    const open = await openAlerts('labels');
    expect(open).toContainEqual({ labels: { endUser: 'slow' } });
    expect(open).toContainEqual({ labels: { endUser: null } });
    expect(open).toHaveLength(2);
    await record([
      { endUser: 'slow', latencyMs: 1 },
      { endUser: 'slow', latencyMs: 1 },
    ]);
    await evaluation.turnAfter(SECOND);
    expect(await openAlerts('labels')).toEqual([{ labels: { endUser: null } }]);
    await evaluation.stop();
  });

  test('raises the alerts of many groups in batches', async () => {
    await rules.change('createAlertRule', { ...BUSY, groupBy: ['endUser'], warning: 1 });
    await record(Array.from({ length: 240 }, (_, index) => ({ endUser: `user-${index % 120}` })));
    const keys: string[] = [];
    const { alertBook } = graphql.services.alerting;
    const evaluation = startEvaluation(graphql, {
      alertBook: {
        ...alertBook,
        change(projectId, work) {
          keys.push(projectId);
          return alertBook.change(projectId, work);
        },
      },
    });
    await evaluation.turn();
    expect(await openAlerts()).toHaveLength(120);
    expect(keys).toHaveLength(12);
    await evaluation.turnAfter(MINUTE);
    expect(await openAlerts()).toEqual([]);
    await evaluation.stop();
  });

  test('leaves the rest of an evaluation to another instance when it is stopped', async () => {
    await rules.change('createAlertRule', { ...BUSY, groupBy: ['endUser'], warning: 1 });
    await record(Array.from({ length: 80 }, (_, index) => ({ endUser: `user-${index % 40}` })));
    const { alertBook } = graphql.services.alerting;
    let changes = 0;
    let stopped: Promise<void> | undefined;
    const evaluation = startEvaluation(graphql, {
      alertBook: {
        ...alertBook,
        async change(projectId, work) {
          const value = await alertBook.change(projectId, work);
          if (++changes === 2) stopped = evaluation.stop();
          return value;
        },
      },
    });
    await evaluation.turn();
    await stopped;
    expect(changes).toBe(2);
    expect(await openAlerts()).toHaveLength(20);
    const other = startEvaluation(graphql);
    await other.turn();
    const open = await openAlerts('labels');
    expect(new Set(open.map(({ labels }) => labels.endUser)).size).toBe(40);
    expect(open).toHaveLength(40);
    await other.stop();
  });

  test('writes nothing about a rule whose query failed while the evaluator was stopped', async () => {
    await rules.change('createAlertRule', BUSY);
    let stopped: Promise<void> | undefined;
    const evaluation = startEvaluation(graphql, {
      analytics: {
        groups: graphql.services.analytics.groups,
        totals() {
          stopped = evaluation.stop();
          return Promise.reject(new InvalidArgument('Rows before then have expired.', 'range'));
        },
      },
    });
    await evaluation.turn();
    await stopped;
    expect((await rules.rule('busy')).problem).toBeNull();
  });

  test('continues at once with unfinished work after it could not tell whether it holds the lease', async () => {
    await rules.change('createAlertRule', BUSY);
    await record([{}, {}, {}]);
    const { store, analytics } = graphql.services;
    let isAway = false;
    let asked = 0;
    const evaluation = startEvaluation(graphql, {
      store: {
        ...{ prisma: store.prisma, dialect: store.dialect },
        transact: (key, work) =>
          isAway ? Promise.reject(new Error('connection refused')) : store.transact(key, work),
      },
      analytics: {
        groups: analytics.groups,
        async totals(...question) {
          const answer = await analytics.totals(...question);
          if (++asked > 1) return answer;
          isAway = true;
          // The lease must be extended before anything is written.
          graphql.clock.advance(10 * SECOND);
          return answer;
        },
      },
    });
    await evaluation.turn();
    expect(await openAlerts()).toEqual([]);
    isAway = false;
    // This is not a fault of the rule.
    expect((await rules.rule('busy')).problem).toBeNull();
    expect(evaluation.log).toEqual([
      {
        message: 'Alerting failed; it will be retried',
        details: { work: 'alert-rules', err: new Error('connection refused') },
      },
    ]);
    await evaluation.turn();
    expect(await openAlerts()).toHaveLength(1);
    await evaluation.stop();
  });

  test('hands over to another evaluator when it dies or stops', async () => {
    await rules.change('createAlertRule', BUSY);
    const [one, other] = [startEvaluation(graphql), startEvaluation(graphql)];
    await one.turn();
    await record([{}, {}, {}]);
    await other.turnAfter(SECOND);
    expect(await openAlerts()).toEqual([]);
    await one.turn();
    expect(await openAlerts()).toHaveLength(1);
    // That instance is gone. Its lease ends after some seconds, on PostgreSQL after 8.
    await other.turnAfter((database.dialect === 'sqlite' ? 29 : 7) * SECOND);
    await record([{}, {}, {}]);
    await other.turnAfter(10 * SECOND);
    await other.turnAfter(MINUTE);
    expect(await openAlerts()).toEqual([]);
    await record([{}, {}, {}]);
    // The first instance comes back, but the other one now holds the lease.
    await one.turnAfter(SECOND);
    expect(await openAlerts()).toEqual([]);
    await other.stop();
    await one.turnAfter(10 * SECOND);
    expect(await openAlerts()).toHaveLength(1);
    await one.stop();
  });

  test('logs once that the database is unavailable, and continues when it is back', async () => {
    await rules.change('createAlertRule', BUSY);
    await record([{}, {}, {}]);
    const { store } = graphql.services;
    let isAway = true;
    const transact: typeof store.transact = (key, work) =>
      isAway ? Promise.reject(new Error('connection refused')) : store.transact(key, work);
    const evaluation = startEvaluation(graphql, {
      store: { prisma: store.prisma, dialect: store.dialect, transact },
    });
    for (let turn = 0; turn < 3; turn++) await evaluation.turnAfter(SECOND);
    expect(evaluation.log).toEqual([
      {
        message: 'Alerting failed; it will be retried',
        details: { work: 'alert-rules', err: new Error('connection refused') },
      },
    ]);
    isAway = false;
    await evaluation.turnAfter(SECOND);
    expect(await openAlerts()).toHaveLength(1);
    await evaluation.stop();
  });
});
