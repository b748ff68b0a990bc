import { expect, test } from 'vitest';
import {
  type DescribedRule,
  describeAlert,
  describeSpan,
} from '../../../src/alerting/rules/describe-alert.ts';
import type { EventQuestion } from '../../../src/alerting/rules/rule.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { POLICY } from './support/transition-row.ts';

const QUESTION: EventQuestion = {
  dataset: llmCalls,
  filter: null,
  aggregate: 'COUNT',
  measure: null,
  quantile: null,
  groupBy: [],
  windowMs: 300_000,
  minimumCount: 0,
};
const RULE: DescribedRule = {
  ruleId: 'r',
  name: 'Too much',
  description: null,
  type: 'COST',
  question: QUESTION,
  policy: POLICY,
};

const WARNING = { severity: 'WARNING', threshold: 10 } as const;

test.each<[Partial<EventQuestion>, Partial<DescribedRule['policy']>, number, string]>([
  [{}, {}, 11, 'The number of llmCalls over the last 5 min is 11, more than 10: WARNING.'],
  [
    { aggregate: 'SUM', measure: 'cost', windowMs: 86_400_000 },
    { comparator: 'GTE' },
    0.1 + 0.2 + 10,
    'The sum of cost of llmCalls over the last 24 h is 10.3 USD, 10 USD or more: WARNING.',
  ],
  [
    { aggregate: 'AVG', measure: 'latencyMs' },
    { comparator: 'LT', forMs: 120_000 },
    9.75,
    'The mean of latencyMs of llmCalls over the last 5 min is 9.75, less than 10, for at least 2 min: WARNING.',
  ],
  [
    {
      aggregate: 'ERROR_RATE',
      filter: { kind: 'test', field: 'provider', operator: 'eq', value: 'openai', negated: false },
    },
    {},
    11,
    'The error rate of filtered llmCalls over the last 5 min is 1100 %, more than 1000 %: WARNING.',
  ],
  [
    { aggregate: 'AVG', measure: 'latencyMs' },
    {},
    123.456789,
    'The mean of latencyMs of llmCalls over the last 5 min is 123.5, more than 10: WARNING.',
  ],
  [
    { aggregate: 'AVG', measure: 'latencyMs' },
    {},
    10.000049,
    'The mean of latencyMs of llmCalls over the last 5 min is 10.00005, more than 10: WARNING.',
  ],
  [
    { aggregate: 'MIN', measure: 'latencyMs' },
    { comparator: 'LTE' },
    10,
    'The smallest latencyMs of llmCalls over the last 5 min is 10, 10 or less: WARNING.',
  ],
  [
    { aggregate: 'MAX', measure: 'latencyMs' },
    {},
    1e6,
    'The largest latencyMs of llmCalls over the last 5 min is 1000000, more than 10: WARNING.',
  ],
  [
    { aggregate: 'QUANTILE', measure: 'latencyMs', quantile: 0.95 },
    {},
    11,
    'The quantile 0.95 of latencyMs of llmCalls over the last 5 min is 11, more than 10: WARNING.',
  ],
])('says what was measured: %j', (question, policy, value, message) => {
  const rule = { ...RULE, question: { ...QUESTION, ...question }, policy: { ...POLICY, ...policy } };
  expect(describeAlert(rule, { labels: {}, value, found: true }, WARNING)).toEqual({
    type: 'COST',
    severity: 'WARNING',
    title: 'Too much',
    message,
    metadata: null,
    rule: { ruleId: 'r', labels: {}, value, threshold: 10 },
  });
});

test('gives error rates in percent', () => {
  const rule = { ...RULE, question: { ...QUESTION, aggregate: 'ERROR_RATE' as const } };
  const measurement = { labels: {}, value: 1 / 8, found: true };
  expect(describeAlert(rule, measurement, { severity: 'CRITICAL', threshold: 0.1 }).message).toBe(
    'The error rate of llmCalls over the last 5 min is 12.5 %, more than 10 %: CRITICAL.',
  );
});

test('names the group, in the title too', () => {
  const labels = { endUser: 'Ann "the user"', success: false, statusCode: null };
  const alert = describeAlert(RULE, { labels, value: 11, found: true }, WARNING);
  const group = 'endUser "Ann \\"the user\\"", success false, statusCode none';
  expect(alert.title).toBe(`Too much: ${group}`);
  expect(alert.message).toBe(
    `The number of llmCalls of ${group} over the last 5 min is 11, more than 10: WARNING.`,
  );
  expect(alert.rule?.labels).toEqual(labels);
});

test.each<[Partial<EventQuestion>, string]>([
  [{ aggregate: 'ERROR_RATE' }, 'There were no llmCalls in the last 5 min.'],
  [{ aggregate: 'SUM', measure: 'cost' }, 'There was nothing to measure in llmCalls in the last 5 min.'],
  [{ minimumCount: 20 }, 'There were fewer than 20 llmCalls in the last 5 min.'],
])('says what is missing: %j', (question, message) => {
  const rule = { ...RULE, question: { ...QUESTION, ...question } };
  const alert = describeAlert(
    rule,
    { labels: {}, value: null, found: false },
    { severity: 'WARNING', threshold: null },
  );
  expect(alert.message).toBe(message);
  expect(alert.rule).toMatchObject({ value: null, threshold: null });
});

test('adds the description of the rule, and keeps to the lengths of the columns', () => {
  const rule = { ...RULE, name: `${'n'.repeat(198)}😀`, description: `Call Ann. ${'d'.repeat(10_000)}` };
  const alert = describeAlert(rule, { labels: { endUser: 'u' }, value: 11, found: true }, WARNING);
  expect(alert.title).toBe(`${'n'.repeat(198)}…`);
  expect(alert.message).toMatch(/^The number of .*: WARNING\.\n\nCall Ann\. d+…$/);
  expect(alert.message).toHaveLength(10_000);
});

test.each([
  [1_500, '1.5 s'],
  [10_000, '10 s'],
  [60_000, '60 s'],
  [90_000, '90 s'],
  [3_600_000, '60 min'],
  [86_400_000, '24 h'],
  [7 * 86_400_000, '7 d'],
])('%d ms are %s', (milliseconds, text) => {
  expect(describeSpan(milliseconds)).toBe(text);
});
