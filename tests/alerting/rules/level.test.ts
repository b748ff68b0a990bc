import { describe, expect, test } from 'vitest';
import { levelOf } from '../../../src/alerting/rules/level.ts';
import type { RulePolicy } from '../../../src/alerting/rules/rule.ts';
import { POLICY } from './support/transition-row.ts';

describe('the level of a number', () => {
  test.each<[RulePolicy['comparator'], number | null, number | null, number, string]>([
    ['GT', 10, 20, 10, 'OK'],
    ['GT', 10, 20, 10.5, 'WARNING'],
    ['GT', 10, 20, 20, 'WARNING'],
    ['GT', 10, 20, 20.5, 'CRITICAL'],
    ['GTE', 10, 20, 9.9, 'OK'],
    ['GTE', 10, 20, 10, 'WARNING'],
    ['GTE', 10, 20, 20, 'CRITICAL'],
    ['LT', 10, 5, 10, 'OK'],
    ['LT', 10, 5, 9.9, 'WARNING'],
    ['LT', 10, 5, 5, 'WARNING'],
    ['LT', 10, 5, 4.9, 'CRITICAL'],
    ['LTE', 10, 5, 10.1, 'OK'],
    ['LTE', 10, 5, 10, 'WARNING'],
    ['LTE', 10, 5, 5, 'CRITICAL'],
    ['GT', 10, null, 1000, 'WARNING'],
    ['GT', null, 20, 15, 'OK'],
    ['GT', null, 20, 21, 'CRITICAL'],
    ['GTE', 0, null, 0, 'WARNING'],
    ['LT', null, -5, -6, 'CRITICAL'],
  ])('%s %s and %s: %s is %s', (comparator, warning, critical, value, level) => {
    expect(levelOf({ ...POLICY, comparator, warning, critical }, value)).toBe(level);
  });

  test.each<[RulePolicy['absent'], string]>([
    ['OK', 'OK'],
    ['KEEP', 'OK'],
    ['WARNING', 'WARNING'],
    ['CRITICAL', 'CRITICAL'],
  ])('absent, when absence means %s, is %s', (absent, level) => {
    expect(levelOf({ ...POLICY, absent }, null)).toBe(level);
  });
});
