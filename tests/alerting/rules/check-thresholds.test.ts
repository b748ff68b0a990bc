import { expect, test } from 'vitest';
import { checkThresholds } from '../../../src/alerting/rules/check-thresholds.ts';
import type { EventQuestion, RulePolicy } from '../../../src/alerting/rules/rule.ts';
import { float, integer } from '../../../src/core/dataset/column.ts';
import { defineDataset } from '../../../src/core/dataset/dataset.ts';

const measurements = defineDataset({
  name: 'measurements',
  entity: 'Measurement',
  table: 'measurements',
  description: 'A dataset of this test.',
  columns: {
    length: float({ role: 'measure', description: 'Not negative.' }),
    attempts: integer({ role: 'measure', min: 1, description: 'From 1.' }),
    celsius: float({ role: 'measure', min: -273.15, description: 'May be negative.' }),
  },
  rollups: [{ dimensions: [] }],
});

type Aggregate = EventQuestion['aggregate'];
type Comparator = RulePolicy['comparator'];

const check = (aggregate: Aggregate, measure: string | null, policy: Partial<RulePolicy>) => () =>
  checkThresholds(
    { comparator: 'GT', warning: null, critical: null, ...policy },
    { dataset: measurements, aggregate, measure },
  );

test.each<[Aggregate, string | null, Comparator, number, string]>([
  ['COUNT', null, 'GTE', 0, 'always passed: COUNT is never less than 0, and the rule asks for GTE 0.'],
  ['COUNT', null, 'GT', -1, 'always passed: COUNT is never less than 0, and the rule asks for GT -1.'],
  ['COUNT', null, 'LT', 0, 'never passed: COUNT is never less than 0, and the rule asks for LT 0.'],
  ['COUNT', null, 'LTE', -5, 'never passed: COUNT is never less than 0, and the rule asks for LTE -5.'],
  ['ERROR_RATE', null, 'GT', 1, 'never passed: ERROR_RATE is from 0 to 1, and the rule asks for GT 1.'],
  ['ERROR_RATE', null, 'GTE', 0, 'always passed: ERROR_RATE is from 0 to 1, and the rule asks for GTE 0.'],
  ['ERROR_RATE', null, 'LT', 0, 'never passed: ERROR_RATE is from 0 to 1, and the rule asks for LT 0.'],
  ['ERROR_RATE', null, 'LTE', 1, 'always passed: ERROR_RATE is from 0 to 1, and the rule asks for LTE 1.'],
  [
    'SUM',
    'length',
    'LT',
    0,
    'never passed: the SUM of length is never less than 0, and the rule asks for LT 0.',
  ],
  ['AVG', 'length', 'GTE', 0, 'always passed: the AVG of length is never less than 0'],
  ['SUM', 'attempts', 'GTE', 1, 'always passed: the SUM of attempts is never less than 1'],
  ['MAX', 'attempts', 'LT', 1, 'never passed: the MAX of attempts is never less than 1'],
  ['QUANTILE', 'attempts', 'GT', 0.5, 'always passed: the QUANTILE of attempts is never less than 1'],
  ['MIN', 'celsius', 'LT', -300, 'never passed: the MIN of celsius is never less than -273.15'],
])(
  '%s of %s that is %s %d can never decide anything',
  (aggregate, measure, comparator, threshold, message) => {
    for (const name of ['warning', 'critical'])
      expect(check(aggregate, measure, { comparator, [name]: threshold })).toThrow(
        expect.objectContaining({
          message: expect.stringContaining(`\`${name}\` is ${message}`),
          details: expect.objectContaining({ argument: `input.${name}` }),
        }),
      );
  },
);

test.each<[Aggregate, string | null, Comparator, number]>([
  ['COUNT', null, 'GT', 0],
  ['COUNT', null, 'LTE', 0],
  ['COUNT', null, 'LT', 1],
  ['COUNT', null, 'GTE', 0.5],
  ['ERROR_RATE', null, 'GT', 0],
  ['ERROR_RATE', null, 'GTE', 1],
  ['ERROR_RATE', null, 'LT', 1],
  ['ERROR_RATE', null, 'LTE', 0],
  ['SUM', 'length', 'LTE', 0],
  ['MIN', 'attempts', 'GT', 1],
  ['SUM', 'celsius', 'LT', -300],
  ['AVG', 'celsius', 'GT', -1],
])('%s of %s that is %s %d can decide something', (aggregate, measure, comparator, threshold) => {
  expect(check(aggregate, measure, { comparator, warning: threshold })).not.toThrow();
});
