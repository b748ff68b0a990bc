import { enumeration, json, text, timestamp } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { metricId } from './metric-id.ts';

/** Tests that a metric has to pass (source 2, `validation_tests`). */
export const validationTests = defineState({
  name: 'validationTests',
  entity: 'ValidationTest',
  table: 'validation_tests',
  description: 'A test that a metric has to pass: a query and the result that is expected of it.',
  columns: {
    metricId: metricId({ description: 'The metric that it tests.' }),
    name: text({ optional: true, sortable: true, description: 'What it shows, in a few words.' }),
    testType: enumeration(
      'ValidationTestType',
      {
        GRAPHQL: 'A query against this very server: `runValidationTest` runs it.',
        SQL: 'A statement in a database; run elsewhere, its result recorded here.',
        SCRIPT: 'A program; run elsewhere, its result recorded here.',
        MANUAL: 'A check that a person does; its result is recorded here.',
      },
      { description: 'What kind of test it is, and so who runs it.' },
    ),
    testQuery: text({
      verbatim: true,
      pattern: NOT_BLANK,
      maxLength: 20_000,
      description: 'What is run: for GRAPHQL a query without variables, for the others whatever runs them.',
    }),
    expectedResult: json({
      verbatim: true,
      optional: true,
      anyJson: true,
      maxLength: 100_000,
      description: 'What it must answer, as JSON; for GRAPHQL the whole `data` of the answer.',
    }),
    status: enumeration(
      'ValidationStatus',
      {
        PENDING: 'It has not been run, or not since it was changed.',
        PASSED: 'Its last run answered what was expected.',
        FAILED: 'Its last run answered something else.',
        ERROR: 'Its last run came to no answer.',
      },
      { source: 'server', default: 'PENDING', description: 'How its last run went.' },
    ),
    lastRun: timestamp({
      optional: true,
      source: 'server',
      description: 'When it was last run; null: never.',
    }),
    message: text({
      optional: true,
      source: 'server',
      maxLength: 4000,
      truncate: true,
      description: 'What its last run said, in words.',
    }),
    difference: json({
      optional: true,
      source: 'server',
      anyJson: true,
      maxLength: 100_000,
      description:
        'Where the answer of its last run differed from what was expected. For GRAPHQL a list of path, kind, expected and ' +
        'actual, shortened where it is long.',
    }),
  },
});
