import type { App } from '../../app.ts';
import { type Ask, createAsk } from './ask.ts';
import { METRICS } from './metric-catalog.ts';

const CREATE = 'mutation ($input: CreateMetricInput!) { createMetric(input: $input) { metric { id } } }';
const UPDATE = 'mutation ($input: UpdateMetricInput!) { updateMetric(input: $input) { metric { version } } }';
const ADD_TEST =
  'mutation ($input: AddValidationTestInput!) { addValidationTest(input: $input) { test { id } } }';
const RUN_TEST = 'mutation ($id: ID!) { runValidationTest(input: { id: $id }) { passed } }';
const RECORD_RESULT =
  'mutation ($input: RecordValidationResultInput!) { recordValidationResult(input: $input) { test { status } } }';

/** Changes that people made to the catalog, oldest first. */
const UPDATES = [
  {
    metricId: 'revenue_total',
    changedBy: 'john@acme.example',
    comment: 'Exclude refunds',
    calculation: "SUM(amount) FROM transactions WHERE status = 'completed' AND refunded = false",
    trustScore: 80,
  },
  {
    metricId: 'revenue_total',
    changedBy: 'mei@acme.example',
    comment: 'Reconciled with the ledger for last quarter',
    trustScore: 92,
    tags: ['revenue', 'financial', 'board'],
  },
  {
    metricId: 'gross_margin',
    changedBy: 'ana@acme.example',
    comment: 'Include the cost of embeddings',
    description: 'Share of the revenue that remains after model cost, including embeddings.',
    trustScore: 74,
  },
  { metricId: 'service_health', changedBy: 'sre-bot', owner: '@sre-oncall', trustScore: 78 },
];

const NO_CALLS_LONG_AGO = {
  metricId: 'llm_calls',
  name: 'No calls before launch',
  testType: 'GRAPHQL',
  testQuery:
    '{ llmCallAnalytics(range: { from: "2020-01-01T00:00:00Z", to: "2020-02-01T00:00:00Z" }) { totals { count } } }',
  expectedResult: { llmCallAnalytics: { totals: { count: 0 } } },
};
/** This test fails on purpose, because some generations of diagrams always fail. */
const NO_FAILED_DIAGRAMS = {
  metricId: 'diagram_success_rate',
  name: 'All diagrams succeed',
  testType: 'GRAPHQL',
  testQuery: '{ generationAnalytics(range: { last: "P30D" }) { totals { errorCount } } }',
  expectedResult: { generationAnalytics: { totals: { errorCount: 0 } } },
};
const MATCHES_LEDGER = {
  metricId: 'revenue_total',
  name: 'Matches the ledger',
  testType: 'SQL',
  testQuery: 'SELECT SUM(amount) FROM ledger',
};

/**
 * Fills the demo's catalog through the public API, unless it has metrics already: metrics, changes
 * to them, validation tests with results.
 *
 * @throws Error when the API rejects a request, because the demo does not fit the schema.
 */
export async function fillCatalog(app: Pick<App, 'fetch'>): Promise<void> {
  const ask = createAsk(app);
  const { metrics } = await ask<{ metrics: { totalCount: number } }>('{ metrics(first: 1) { totalCount } }');
  if (metrics.totalCount > 0) return;
  for (const { weight: _, ...input } of METRICS) await ask(CREATE, { input });
  for (const input of UPDATES) await ask(UPDATE, { input });
  for (const input of [NO_CALLS_LONG_AGO, NO_FAILED_DIAGRAMS]) {
    await ask(RUN_TEST, { id: await addTest(ask, input) });
  }
  const id = await addTest(ask, MATCHES_LEDGER);
  await ask(RECORD_RESULT, { input: { id, status: 'PASSED', message: 'Checked by the nightly job' } });
}

async function addTest(ask: Ask, input: object): Promise<string> {
  type Added = { addValidationTest: { test: { id: string } } };
  return (await ask<Added>(ADD_TEST, { input })).addValidationTest.test.id;
}
