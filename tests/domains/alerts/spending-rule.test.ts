import { expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL } from '../../support/graphql.ts';
import { alertRulesOf } from './support/alert-rules.ts';
import { startEvaluation } from './support/evaluation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

describeEachDatabase('a rule on spending', (database) => {
  test('watches the cost of each user over a rolling day', async () => {
    await using graphql = await startGraphQL(database);
    const rules = alertRulesOf(graphql.run);
    const evaluation = startEvaluation(graphql);
    const call = async (count: number, fields: Record<string, unknown>) => {
      const timestamp = new Date(graphql.clock.now() - 1).toISOString();
      await graphql.data(RECORD, {
        input: Array.from({ length: count }, () => llmCall({ timestamp, ...fields })),
      });
    };
    await rules.change('createAlertRule', {
      ruleId: 'spending',
      name: 'A user spends much',
      type: 'COST',
      dataset: 'llmCalls',
      aggregate: 'SUM',
      measure: 'cost',
      groupBy: ['endUser'],
      comparator: 'GTE',
      warning: 10,
      critical: 25,
      window: 'P1D',
    });
    await call(3, { endUser: 'ann', cost: 3.25 });
    await call(1, { endUser: 'bob', cost: 30 });
    await call(1, { endUser: 'eve', cost: 9.99 });
    await evaluation.turn();
    const fields = 'labels severity status resolution value threshold title message';
    const bob = {
      labels: { endUser: 'bob' },
      severity: 'CRITICAL',
      status: 'OPEN',
      resolution: null,
      value: 30,
      threshold: 25,
      title: 'A user spends much: endUser "bob"',
      message:
        'The sum of cost of llmCalls of endUser "bob" over the last 24 h is 30 USD, 25 USD or more: CRITICAL.',
    };
    expect(await rules.alerts(fields)).toEqual([bob]);
    await evaluation.turnAfter(6 * HOUR);
    await call(1, { endUser: 'ann', cost: 0.5 });
    await evaluation.turnAfter(MINUTE);
    const ann = { labels: { endUser: 'ann' }, severity: 'WARNING', value: 10.25, threshold: 10 };
    expect(await rules.alerts(fields)).toEqual([bob, expect.objectContaining({ ...ann, status: 'OPEN' })]);
    await evaluation.turnAfter(18 * HOUR);
    // The spending of a day ago has left the window.
    expect(await rules.alerts(fields)).toEqual([
      { ...bob, status: 'RESOLVED', resolution: 'RECOVERED' },
      expect.objectContaining({ ...ann, status: 'RESOLVED', resolution: 'RECOVERED' }),
    ]);
    await evaluation.stop();
  });
});
