import { describe, expect, it } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { planRetention } from '../../src/retention/plan.ts';
import { effectivePolicy } from '../../src/retention/policy.ts';

const at = (text: string): number => Date.parse(text);
const NEVER = Number.NEGATIVE_INFINITY;

describe('planRetention', () => {
  it.each([
    ['2026-11-20T00:00:00.000Z', '2026-08-22T00:00:00Z'],
    ['2026-11-20T23:59:59.999Z', '2026-08-22T00:00:00Z'],
    ['2026-11-21T00:00:00.000Z', '2026-08-23T00:00:00Z'],
  ])('at %s removes whole days before %s', (now, cutoff) => {
    const { RAW, ...cells } = planRetention({ rows: 90, MINUTE: 7, HOUR: 400, DAY: null }, at(now));
    expect(RAW).toBe(at(cutoff));
    const days = (count: number): number => at(cutoff) + (90 - count) * 86_400_000;
    expect(cells).toEqual({ MINUTE: days(7), HOUR: days(400), DAY: NEVER });
  });

  it('keeps rows that were recorded within this many times 24 hours, from any moment of the day', () => {
    const now = at('2026-11-20T17:30:00Z');
    expect(planRetention({ rows: 1, MINUTE: 1, HOUR: 1, DAY: 1 }, now).RAW).toBeLessThan(now - 86_400_000);
  });
});

describe('effectivePolicy', () => {
  const own = { ...llmCalls, retention: { ...llmCalls.retention, rows: 30, ownRows: true } };
  const override = { rows: 5, MINUTE: 1, HOUR: 2, DAY: 3 };

  it.each([
    ['the declared one', llmCalls, undefined, null, 90, 'DECLARED'],
    ['RETENTION_DAYS instead of the default', llmCalls, undefined, 14, 14, 'ENVIRONMENT'],
    ['its own row days, regardless of RETENTION_DAYS', own, undefined, 14, 30, 'DECLARED'],
    ['an override before all others', own, override, 14, 5, 'OVERRIDE'],
  ] as const)('is %s', (_, dataset, given, retentionDays, rows, source) => {
    expect(effectivePolicy(dataset, given, retentionDays)).toMatchObject({ days: { rows }, source });
  });

  it('takes the cells from the declaration if the environment decides on rows', () => {
    const { days } = effectivePolicy(llmCalls, undefined, 14);
    expect(days).toEqual({ rows: 14, MINUTE: 7, HOUR: 400, DAY: null });
  });
});
