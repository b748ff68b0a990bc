import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type AlertRules, alertRulesOf, BUSY as BUSY_RULE } from './support/alert-rules.ts';
import { type Evaluation, startEvaluation } from './support/evaluation.ts';
import { EVERYBODY } from './support/webhook.ts';

const SECOND = 1000;
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const BUSY = { ...BUSY_RULE, groupBy: ['provider'] };

describeEachDatabase('changes of alert rules', (database) => {
  let graphql: TestGraphQL;
  let rules: AlertRules;
  let evaluation: Evaluation;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
    rules = alertRulesOf(graphql.run);
    evaluation = startEvaluation(graphql);
    await rules.change('createAlertRule', BUSY);
  });
  afterEach(async () => {
    await evaluation.stop();
    await graphql[Symbol.asyncDispose]();
  });

  /** Makes the rule fire for two providers. */
  async function fire(): Promise<void> {
    const timestamp = new Date(graphql.clock.now() - 1).toISOString();
    const calls = (count: number, provider: string) =>
      Array.from({ length: count }, () => llmCall({ timestamp, provider }));
    await graphql.data(RECORD, {
      input: [...calls(3, 'openai'), ...calls(4, 'anthropic'), ...calls(1, 'groq')],
    });
    await evaluation.turnAfter(SECOND);
    expect(await ends()).toEqual([
      ['anthropic', 'OPEN', null],
      ['openai', 'OPEN', null],
    ]);
  }

  const ends = async () =>
    (await rules.alerts())
      .map(({ labels, status, resolution }) => [labels.provider, status, resolution])
      .sort();
  const states = async () => (await rules.rule('busy', 'states { labels level }')).states;
  const ENDED = [
    ['anthropic', 'RESOLVED', 'RULE_CHANGED'],
    ['openai', 'RESOLVED', 'RULE_CHANGED'],
  ];

  test('end the alerts of the rule and reset it if they change what it measures', async () => {
    await fire();
    graphql.clock.advance(SECOND);
    const changed = await rules.change('updateAlertRule', { ruleId: 'busy', warning: 3 });
    const updatedAt = new Date(graphql.clock.now()).toISOString();
    expect(changed).toMatchObject({ ...BUSY, warning: 3, createdAt: NOW, updatedAt });
    expect(await ends()).toEqual(ENDED);
    expect(await states()).toEqual([]);
    await evaluation.turn();
    expect(await ends()).toEqual([['anthropic', 'OPEN', null], ...ENDED]);
  });

  test('do not touch the alerts of the rule if they change anything else', async () => {
    await fire();
    const shown = {
      name: 'Other',
      description: 'Text',
      type: 'COST',
      recoverAfter: 'PT2M',
      renotify: 'PT5M',
    };
    const same = {
      warning: 2,
      groupBy: ['provider'],
      window: 'PT60S',
      filter: null,
      for: null,
      absent: 'OK',
    };
    await rules.change('updateAlertRule', { ruleId: 'busy', ...shown, ...same });
    await evaluation.turnAfter(SECOND);
    expect(await ends()).toEqual([
      ['anthropic', 'OPEN', null],
      ['openai', 'OPEN', null],
    ]);
    expect(await states()).toHaveLength(2);
  });

  test('are checked together with the unchanged fields', async () => {
    const change = (fields: Record<string, unknown>) =>
      rules.refuse('updateAlertRule', { ruleId: 'busy', ...fields });
    expect((await change({ dataset: 'healthSamples' })).extensions).toMatchObject({
      argument: 'input.groupBy.0',
    });
    expect((await change({ aggregate: 'SUM' })).extensions).toMatchObject({ argument: 'input.measure' });
    expect((await change({ critical: 1 })).extensions).toMatchObject({ argument: 'input.critical' });
    expect((await change({ warning: null })).message).toBe('A rule needs `warning`, `critical`, or both.');
    expect((await change({ name: null })).message).toMatch(/^name cannot be cleared/);
    expect((await change({ webhooks: ['nobody'] })).extensions).toMatchObject({
      argument: 'input.webhooks.0',
    });
    expect(await rules.rule('busy')).toMatchObject({ ...BUSY, updatedAt: NOW });
  });

  test('have later times than the state before, even within one millisecond', async () => {
    const [one, other] = [
      await rules.change('updateAlertRule', { ruleId: 'busy', warning: 7 }),
      await rules.change('updateAlertRule', { ruleId: 'busy', warning: 8 }),
    ];
    expect([one.updatedAt, other.updatedAt]).toEqual([
      '2026-11-22T12:00:00.001Z',
      '2026-11-22T12:00:00.002Z',
    ]);
    expect(await rules.change('updateAlertRule', { ruleId: 'busy', warning: 8 })).toEqual(other);
  });

  test('disable and enable the rule', async () => {
    await fire();
    const off = { ruleId: 'busy', enabled: false };
    expect(await rules.change('enableAlertRule', off)).toMatchObject({ enabled: false });
    expect(await ends()).toEqual(ENDED);
    expect(await states()).toEqual([]);
    const again = await rules.change('enableAlertRule', off);
    expect(again).toEqual(await rules.rule('busy'));
    await evaluation.turnAfter(SECOND);
    expect(await ends()).toEqual(ENDED);
    expect(graphql.services.live.hasSubscribers('llmCalls.recorded')).toBe(false);
    await rules.change('enableAlertRule', { ...off, enabled: true });
    await evaluation.turnAfter(SECOND);
    expect((await ends()).filter(([, status]) => status === 'OPEN')).toHaveLength(2);
  });

  test('delete the rule; its alerts stay, and webhooks are notified of their end', async () => {
    await graphql.services.store.prisma.webhook.create({ data: EVERYBODY });
    await fire();
    expect(await rules.change('deleteAlertRule', { ruleId: 'busy' })).toMatchObject(BUSY);
    expect(await rules.rule('busy')).toBeNull();
    expect(await ends()).toEqual(ENDED);
    const { prisma } = graphql.services.store;
    expect(await prisma.alertState.count()).toBe(0);
    const alerts = await prisma.alert.findMany({ orderBy: { sequence: 'asc' } });
    expect(alerts.map(({ sequence, changeSequence }) => [sequence, changeSequence])).toEqual([
      [1, 3],
      [2, 4],
    ]);
    const deliveries = await prisma.alertDelivery.findMany({ orderBy: { id: 'asc' } });
    expect(deliveries.map(({ alertId, event }) => [alertId, event])).toEqual([
      ...alerts.map(({ alertId }) => [alertId, 'RAISED']),
      ...alerts.map(({ alertId }) => [alertId, 'RESOLVED']),
    ]);
    await evaluation.turnAfter(SECOND);
    expect(await ends()).toEqual(ENDED);
    await rules.change('createAlertRule', BUSY);
    await evaluation.turnAfter(SECOND);
    expect((await ends()).filter(([, status]) => status === 'OPEN')).toHaveLength(2);
  });

  test.each(['updateAlertRule', 'enableAlertRule', 'deleteAlertRule'] as const)(
    '%s is NOT_FOUND for an unknown rule',
    async (mutation) => {
      const input = { ruleId: 'nobody', ...(mutation === 'enableAlertRule' && { enabled: true }) };
      const error = await rules.refuse(mutation, input);
      expect(error.message).toBe('There is no alert rule "nobody".');
      expect(error.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.ruleId' });
      const ofOthers = await alertRulesOf(graphql.run, 'other').refuse(mutation, {
        ...input,
        ruleId: 'busy',
      });
      expect(ofOthers.extensions['code']).toBe('NOT_FOUND');
    },
  );

  test('make a running evaluation store nothing of the old rule', async () => {
    await evaluation.stop();
    const { analytics } = graphql.services;
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const slow = startEvaluation(graphql, {
      analytics: {
        totals: analytics.totals,
        async groups(...question) {
          const answer = await analytics.groups(...question);
          asked();
          await released;
          return answer;
        },
      },
    });
    const timestamp = new Date(graphql.clock.now() - 1).toISOString();
    await graphql.data(RECORD, { input: Array.from({ length: 3 }, () => llmCall({ timestamp })) });
    const turn = slow.turn();
    await isAsked;
    await rules.change('updateAlertRule', { ruleId: 'busy', warning: 100 });
    release();
    await turn;
    expect(await rules.alerts()).toEqual([]);
    expect(await states()).toEqual([]);
    await slow.stop();
  });
});
