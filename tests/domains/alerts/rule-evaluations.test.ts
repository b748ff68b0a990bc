import { expect, test } from 'vitest';
import { StorageUnavailable } from '../../../src/storage/errors.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL } from '../../support/graphql.ts';
import { alertRulesOf, BUSY } from './support/alert-rules.ts';
import { startEvaluation } from './support/evaluation.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const EVALUATION = 'evaluatedAt evaluatedGroups evaluatedValue failedAt failure problem';

describeEachDatabase('a rule shows its last evaluation', (database) => {
  test('with its time, its value and its problem, noted at most once a minute', async () => {
    await using graphql = await startGraphQL(database);
    const { clock, services } = graphql;
    const rules = alertRulesOf(graphql.run);
    const shown = () => rules.rule('busy', EVALUATION);
    const record = (users: readonly string[]) =>
      graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
        input: users.map((endUser) =>
          llmCall({ timestamp: new Date(clock.now() - 1).toISOString(), endUser }),
        ),
      });
    const at = () => new Date(clock.now()).toISOString();
    const well = { failedAt: null, failure: null, problem: null };
    const never = { evaluatedAt: null, evaluatedGroups: null, evaluatedValue: null, ...well };

    await rules.change('createAlertRule', { ...BUSY, warning: 9, groupBy: ['endUser'] });
    expect(await shown()).toEqual(never);
    await record(['ann', 'ann', 'ann', 'bob']);
    let isBusy = false;
    const evaluation = startEvaluation(graphql, {
      analytics: {
        totals: services.analytics.totals,
        groups: (...question) =>
          isBusy
            ? Promise.reject(new StorageUnavailable('canceling statement', { trouble: 'BUSY' }))
            : services.analytics.groups(...question),
      },
    });
    await evaluation.turnAfter(SECOND);
    const first = { evaluatedAt: at(), evaluatedGroups: 2, evaluatedValue: 3, ...well };
    expect(await shown()).toEqual(first);

    await record(['eve']);
    await evaluation.turnAfter(10 * SECOND);
    expect(await shown()).toEqual(first);

    isBusy = true;
    await evaluation.turnAfter(10 * SECOND);
    const failed = { ...first, failedAt: at(), failure: 'The database is busy with other work.' };
    expect(await shown()).toEqual(failed);
    await evaluation.turnAfter(10 * SECOND);
    expect(await shown()).toEqual(failed);
    await evaluation.turnAfter(MINUTE);
    expect(await shown()).toEqual({ ...failed, failedAt: at() });

    isBusy = false;
    await evaluation.turnAfter(10 * SECOND);
    expect(await shown()).toEqual({ evaluatedAt: at(), evaluatedGroups: 0, evaluatedValue: null, ...well });
    await evaluation.stop();

    // Another instance records its first evaluation at once.
    await record(['ann']);
    const other = startEvaluation(graphql);
    await other.turnAfter(SECOND);
    expect(await shown()).toEqual({ evaluatedAt: at(), evaluatedGroups: 1, evaluatedValue: 1, ...well });
    await rules.change('updateAlertRule', { ruleId: 'busy', warning: 8 });
    expect(await shown()).toEqual(never);
    await other.stop();
  });

  test('including a sum above the limit for one event, without a problem', async () => {
    await using graphql = await startGraphQL(database);
    const { clock, services } = graphql;
    const rules = alertRulesOf(graphql.run);
    const lines = { dataset: 'agentUsage', aggregate: 'SUM', measure: 'amount', groupBy: [] };
    await rules.change('createAlertRule', { ...BUSY, ...lines, warning: 1, critical: null });
    const event = { kind: 'LINES_ADDED', amount: 9e15, timestamp: new Date(clock.now() - 1).toISOString() };
    await graphql.data(
      'mutation ($input: [AgentUsageInput!]!) { recordAgentUsage(input: $input) { accepted } }',
      {
        input: [event, event],
      },
    );
    const evaluation = startEvaluation(graphql);
    await evaluation.turnAfter(SECOND);
    await evaluation.stop();
    expect(await rules.rule('busy', 'evaluatedValue')).toEqual({ evaluatedValue: 1.8e16 });
    const { checks } = await services.integrity.check({ mode: 'QUICK', only: ['VALUES'] });
    expect(checks.flatMap(({ findings }) => findings)).toEqual([]);
  });
});
