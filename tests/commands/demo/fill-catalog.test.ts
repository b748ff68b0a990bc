import { expect, it } from 'vitest';
import { fillCatalog } from '../../../src/commands/demo/fill-catalog.ts';
import { METRICS } from '../../../src/commands/demo/metric-catalog.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startApp } from '../../support/start-app.ts';

const CATALOG = `{
  metrics { totalCount }
  metricChanges { totalCount }
  validationTests(orderBy: { field: NAME, direction: ASC }) { nodes { name status metric { testCount } } }
}`;

describeEachDatabase('the catalog of the demo', (database) => {
  it('is filled once, with its history and tests that pass and fail', async () => {
    await using server = await startApp({ database });
    await server.query(
      `mutation { recordGenerations(input: [
        { generationId: "g-1", provider: "openai", kind: "aws", durationMs: 5, errorType: "invalid_spec" }
      ]) { accepted } }`,
    );
    await fillCatalog(server.app);
    const first = await server.query(CATALOG);
    expect(first).toMatchObject({
      metrics: { totalCount: METRICS.length },
      metricChanges: { totalCount: 8 },
      validationTests: {
        nodes: [
          { name: 'All diagrams succeed', status: 'FAILED', metric: { testCount: 1 } },
          { name: 'Matches the ledger', status: 'PASSED', metric: { testCount: 1 } },
          { name: 'No calls before launch', status: 'PASSED', metric: { testCount: 1 } },
        ],
      },
    });
    await fillCatalog(server.app);
    expect(await server.query(CATALOG)).toEqual(first);
  });
});
