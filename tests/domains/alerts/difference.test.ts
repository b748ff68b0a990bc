import { expect, test } from 'vitest';
import { NOT_EVALUATED, type StoredRule } from '../../../src/alerting/rules/rule.ts';
import { changedFields, changesFindings } from '../../../src/domains/alerts/alert-rules/difference.ts';

const STORED: StoredRule = {
  projectId: 'default',
  id: 'uuid',
  ruleId: 'busy',
  name: 'Many calls',
  description: null,
  type: 'COST',
  enabled: true,
  dataset: 'llmCalls',
  sloId: null,
  filter: { model: { eq: 'x' }, provider: { eq: 'y' } },
  aggregate: 'COUNT',
  measure: null,
  quantile: null,
  groupBy: ['provider', 'model'],
  comparator: 'GT',
  warning: 2,
  critical: null,
  window: 'PT1M',
  for: 'PT0S',
  minimumCount: 0,
  absent: 'OK',
  recoverAfter: 'PT0S',
  renotify: null,
  webhooks: [],
  ...NOT_EVALUATED,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};

test.each<[Record<string, unknown>, boolean]>([
  [{ name: 'Other' }, false],
  [{ description: 'Text' }, false],
  [{ type: 'TASK' }, false],
  [{ renotify: 'PT5M' }, false],
  [{ recoverAfter: 'PT5M' }, false],
  [{ webhooks: ['on-call'] }, false],
  [{ dataset: 'requestLogs' }, true],
  [{ filter: { model: { eq: 'x' } } }, true],
  [{ filter: null }, true],
  [{ sloId: 'checkout' }, true],
  [{ aggregate: 'SUM' }, true],
  [{ measure: 'cost' }, true],
  [{ quantile: 0.5 }, true],
  [{ groupBy: ['model', 'provider'] }, true],
  [{ comparator: 'GTE' }, true],
  [{ warning: 3 }, true],
  [{ critical: 9 }, true],
  [{ window: 'PT2M' }, true],
  [{ for: 'PT1M' }, true],
  [{ minimumCount: 2 }, true],
  [{ absent: 'KEEP' }, true],
])('%j is a change, and affects which alerts exist: %s', (wanted, decides) => {
  const changed = changedFields(STORED, wanted);
  expect(changed).toEqual(Object.keys(wanted));
  expect(changesFindings(changed)).toBe(decides);
});

test.each([
  [{ window: 'PT60S', for: 'PT0M' }],
  [{ filter: { provider: { eq: 'y' }, model: { eq: 'x' } } }],
  [{ groupBy: ['provider', 'model'], warning: 2, critical: null }],
])('%j is not a change', (wanted) => {
  expect(changedFields(STORED, wanted)).toEqual([]);
});
