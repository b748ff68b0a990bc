import { expect, test } from 'vitest';
import type { Analytics } from '../../../src/analytics/analytics.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL } from '../../support/graphql.ts';
import { catalogOf } from './support/catalog.ts';

describeEachDatabase('runValidationTest, for an answer with text that cannot be stored', (database) => {
  test('records where the answer differs', async () => {
    const model = 'a\0b\ud83d';
    const stats = { rowCount: 1, successCount: null, measures: new Map() };
    const groups = async () => ({ value: [{ dimensions: { model }, stats }], source: {} });
    await using graphql = await startGraphQL(database, {
      replace: ({ analytics }) => ({ analytics: { ...analytics, groups } as unknown as Analytics }),
    });
    const catalog = catalogOf(graphql);
    await catalog.create('calls');
    const testQuery = '{ llmCallAnalytics(range: { last: "P1D" }) { groups { dimensions { model } } } }';
    const expectedResult = { llmCallAnalytics: { groups: [{ dimensions: { model: 'a' } }] } };
    const input = { metricId: 'calls', testType: 'GRAPHQL', testQuery, expectedResult };
    const { test } = await catalog.change('addValidationTest', input);
    const run = await catalog.change('runValidationTest', { id: test.id });
    expect(run.difference).toMatchObject([{ expected: 'a', actual: model }]);
    expect(run.test).toMatchObject({
      status: 'FAILED',
      difference: [{ expected: 'a', actual: 'a\ufffdb\ufffd' }],
    });
  });
});
