import { enumeration, json, text, timestamp } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { metricId } from './metric-id.ts';

/** Tests that a metric must pass (source 2, `validation_tests`). */
export const validationTests = defineState({
  name: 'validationTests',
  entity: 'ValidationTest',
  table: 'validation_tests',
  description: 'A test that a metric must pass: a query and its expected result.',
  columns: {
    metricId: metricId({ description: 'The metric under test.' }),
    name: text({ optional: true, sortable: true, description: 'What the test shows, in a few words.' }),
    testType: enumeration(
      'ValidationTestType',
      {
        GRAPHQL: 'A query against this server: `runValidationTest` runs it.',
        SQL: 'A database statement that is run elsewhere; its result is recorded here.',
        SCRIPT: 'A program that is run elsewhere; its result is recorded here.',
        MANUAL: 'A check by a person; its result is recorded here.',
      },
      { description: 'The type of test, which decides who runs it.' },
    ),
    testQuery: text({
      verbatim: true,
      pattern: NOT_BLANK,
      maxLength: 20_000,
      description:
        'What to run: for GRAPHQL, a query without variables; for other types, whatever their ' +
        'runner expects.',
    }),
    expectedResult: json({
      verbatim: true,
      optional: true,
      anyJson: true,
      maxLength: 100_000,
      description: 'The expected result, as JSON; for GRAPHQL, the whole `data` of the answer.',
    }),
    status: enumeration(
      'ValidationStatus',
      {
        PENDING: 'The test has not been run since it was created or changed.',
        PASSED: 'The last run returned the expected result.',
        FAILED: 'The last run returned a different result.',
        ERROR: 'The last run produced no answer.',
      },
      { source: 'server', default: 'PENDING', description: 'The outcome of the last run.' },
    ),
    lastRun: timestamp({
      optional: true,
      source: 'server',
      description: 'When the test was last run; null if it never was.',
    }),
    message: text({
      optional: true,
      source: 'server',
      maxLength: 4000,
      truncate: true,
      description: 'The message of the last run.',
    }),
    difference: json({
      optional: true,
      source: 'server',
      anyJson: true,
      maxLength: 100_000,
      description:
        'The differences between the answer of the last run and the expected result. For ' +
        'GRAPHQL, a list of path, kind, expected and actual, shortened if it is long.',
    }),
  },
});
