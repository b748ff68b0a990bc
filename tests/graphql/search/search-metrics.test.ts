import { expect, it } from 'vitest';
import { metrics } from '../../../src/declarations/catalog/metrics.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL } from '../../support/graphql.ts';

describeEachDatabase('searchMetrics', (database) => {
  it('finds words in names, descriptions and calculations', async () => {
    await using graphql = await startGraphQL(database);
    const { stateChecks, store } = graphql.services;
    const rows = [
      { metricId: 'in_name', name: 'Revenue' },
      { metricId: 'in_description', name: 'Growth', description: 'Of revenue, monthly', tags: ['finance'] },
      {
        metricId: 'in_calculation',
        name: 'ARPU',
        calculation: 'SUM(revenue) / COUNT(users)',
        owner: '@revenue',
      },
      { metricId: 'revenue', name: 'Churn', owner: '@revenue', dataSource: 'revenue' },
    ].map((input) => stateChecks.toRow(metrics, 'default', input));
    await store.append([{ parts: [{ dataset: metrics, rows }] }]);
    const { searchMetrics, tagged } = await graphql.data(`{
      searchMetrics(query: "revenue") { totalCount results { metric { metricId } snippets { field text } } }
      tagged: searchMetrics(query: "revenue", filter: { tags: { has: "finance" } }) { results { metric { name } } }
    }`);
    expect(searchMetrics).toEqual({
      totalCount: 3,
      results: [
        { metric: { metricId: 'in_name' }, snippets: [{ field: 'name', text: '<mark>Revenue</mark>' }] },
        {
          metric: { metricId: 'in_description' },
          snippets: [{ field: 'description', text: 'Of <mark>revenue</mark>, monthly' }],
        },
        {
          metric: { metricId: 'in_calculation' },
          snippets: [{ field: 'calculation', text: 'SUM(<mark>revenue</mark>) / COUNT(users)' }],
        },
      ],
    });
    expect(tagged.results).toEqual([{ metric: { name: 'Growth' } }]);
  });
});
