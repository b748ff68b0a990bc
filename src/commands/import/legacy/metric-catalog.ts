import { metricUsages } from '../../../declarations/catalog/metric-usages.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import { type AskedTarget, Refusal } from '../target.ts';
import { from, type LegacySource, type LegacyState, readFrom } from './source.ts';

const CREATE = 'mutation ($input: CreateMetricInput!) { createMetric(input: $input) { metric { id } } }';
const ADD_TEST =
  'mutation ($input: AddValidationTestInput!) { addValidationTest(input: $input) { test { status } } }';
const RECORD_RESULT =
  'mutation ($input: RecordValidationResultInput!) { recordValidationResult(input: $input) { test { id } } }';

const OUTCOMES: Readonly<Record<string, string>> = {
  passed: 'PASSED',
  pass: 'PASSED',
  success: 'PASSED',
  failed: 'FAILED',
  fail: 'FAILED',
  failure: 'FAILED',
  error: 'ERROR',
};
/** Types of tests that we know how to run. Programs run all others. */
const TEST_TYPES = new Set(['SQL', 'SCRIPT', 'MANUAL']);

/** A catalog of metrics with their tests and uses. */
export const metricCatalog: LegacySource = {
  name: 'semantic-metric-catalog',
  title: 'Semantic metric catalog (metrics.db)',
  signature: {
    metrics: ['id', 'name', 'calculation', 'trust_score'],
    metric_history: ['metric_id', 'field_name', 'changed_at'],
  },
  tables: [
    {
      table: 'metrics',
      into: metrics,
      fields: { metricId: from('id') },
      ignored: ['test_count', 'usage_count', 'updated_at'],
      store: (target, { input }) => unlessPresent(() => target.ask(CREATE, { input })),
    },
    {
      table: 'validation_tests',
      into: validationTests,
      fields: {
        name: from('test_type'),
        testType: readFrom('test_type', readTestType),
        expectedResult: readFrom('expected_result', readJson),
      },
      ignored: ['last_run', 'status'],
      store: storeTest,
    },
    {
      table: 'metric_usage',
      into: metricUsages,
      identity: ['metric_id', 'used_at'],
      fields: {
        timestamp: from('used_at'),
        usedBy: readFrom('used_by', (user) => user ?? 'unknown'),
      },
    },
  ],
  leftOut: {
    metric_history: 'The server writes the history of metrics itself, from their first change here on.',
  },
};

function readTestType(type: unknown): string {
  const name = String(type).toUpperCase();
  return TEST_TYPES.has(name) ? name : 'SCRIPT';
}

/** Text that is not JSON is the expected result itself. */
function readJson(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

async function unlessPresent(create: () => Promise<unknown>): Promise<'accepted' | 'duplicates'> {
  try {
    await create();
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal && error.answer.code === 'CONFLICT') return 'duplicates';
    throw error;
  }
}

/** Adds the test and records its last run. A test that exists and has been run stays as it is. */
async function storeTest(
  { ask }: AskedTarget,
  { id, input, row, toTime }: LegacyState,
): Promise<'accepted' | 'duplicates'> {
  let isNew = true;
  try {
    await ask(ADD_TEST, { input: { ...input, id } });
  } catch (error) {
    if (!(error instanceof Refusal) || error.answer.code !== 'CONFLICT') throw error;
    if (error.answer.current?.['status'] !== 'PENDING') return 'duplicates';
    isNew = false;
  }
  const status = OUTCOMES[String(row['status']).toLowerCase()];
  if (status === undefined) return isNew ? 'accepted' : 'duplicates';
  // The server accepts no result from before the test was added here.
  const ran = row['last_run'] == null ? 'at an unknown time' : `at ${toTime(row['last_run'])}`;
  await ask(RECORD_RESULT, { input: { id, status, message: `Imported. The test was run ${ran}.` } });
  return isNew ? 'accepted' : 'duplicates';
}
