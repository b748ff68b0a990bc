import { describe, expect, test } from 'vitest';
import type { GroupPolicy } from '../../../src/alerting/rules/decide-group.ts';
import { startReplay, type TimedMeasurement } from '../../../src/alerting/rules/replay.ts';
import type { RulePolicy } from '../../../src/alerting/rules/rule.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const POLICY: GroupPolicy = {
  comparator: 'GT',
  warning: 10,
  critical: 20,
  forMs: 0,
  absent: 'OK',
  eases: false,
  recoverMs: 0,
  renotifyMs: 1,
  remembersWell: false,
  forgetsAfterMs: null,
};
const ONE_OF_SEVERAL: GroupPolicy = { ...POLICY, remembersWell: true, forgetsAfterMs: 7 * DAY };

/** One evaluation per minute; undefined: the window has no events. */
const measurementsOf = (values: readonly (number | null | undefined)[], step = MINUTE): TimedMeasurement[] =>
  values.map((value, index) => ({ at: index * step, value: value ?? null, found: value !== undefined }));

const replay = (policy: GroupPolicy, measurements: readonly TimedMeasurement[]) => {
  const { add, alerts } = startReplay(policy);
  for (const measurement of measurements) add(measurement);
  return alerts;
};
const replayed = (values: readonly (number | null | undefined)[], policy: Partial<GroupPolicy> = {}) =>
  replay({ ...POLICY, ...policy }, measurementsOf(values));

describe('replay', () => {
  test('raises, keeps the worst value, and resolves', () => {
    expect(replayed([5, 12, 18, 11, 10, 3])).toEqual([
      {
        severity: 'WARNING',
        pendingSince: MINUTE,
        firedAt: MINUTE,
        resolvedAt: 4 * MINUTE,
        resolution: 'RECOVERED',
        value: 12,
        threshold: 10,
        worst: 18,
      },
    ]);
  });

  test('leaves an alert open that has not recovered', () => {
    expect(replayed([5, 25])).toMatchObject([{ severity: 'CRITICAL', resolvedAt: null, resolution: null }]);
  });

  test('ends an alert that gets worse and begins another; one that gets better stays', () => {
    expect(replayed([12, 13, 30, 15, 40, 0])).toMatchObject([
      { severity: 'WARNING', firedAt: 0, resolvedAt: 2 * MINUTE, resolution: 'ESCALATED', worst: 13 },
      {
        severity: 'CRITICAL',
        firedAt: 2 * MINUTE,
        resolvedAt: 5 * MINUTE,
        resolution: 'RECOVERED',
        value: 30,
        threshold: 20,
        worst: 40,
      },
    ]);
  });

  test('ends an alert that gets better and begins a milder one if the policy eases', () => {
    expect(replayed([30, 15, 18, 40, 0], { eases: true })).toMatchObject([
      { severity: 'CRITICAL', firedAt: 0, resolvedAt: MINUTE, resolution: 'RECOVERED', worst: 30 },
      {
        severity: 'WARNING',
        firedAt: MINUTE,
        resolvedAt: 3 * MINUTE,
        resolution: 'ESCALATED',
        threshold: 10,
      },
      { severity: 'CRITICAL', firedAt: 3 * MINUTE, resolvedAt: 4 * MINUTE, resolution: 'RECOVERED' },
    ]);
  });

  test('waits for as long as the rule says, and reports since when', () => {
    expect(replayed([12, 5, 11, 12, 13, 14, 5], { forMs: 2 * MINUTE })).toMatchObject([
      { pendingSince: 2 * MINUTE, firedAt: 4 * MINUTE, resolvedAt: 6 * MINUTE, value: 13, worst: 14 },
    ]);
    const worse = replayed([11, 11, 11, 21, 21, 21, 5], { forMs: 2 * MINUTE });
    expect(worse.map(({ severity, pendingSince, firedAt }) => [severity, pendingSince, firedAt])).toEqual([
      ['WARNING', 0, 2 * MINUTE],
      ['CRITICAL', 3 * MINUTE, 5 * MINUTE],
    ]);
  });

  test('takes the smallest value as the worst if less is worse', () => {
    const policy = { comparator: 'LT', warning: 10, critical: null } as const;
    expect(replayed([12, 9, 4, 7, 12], policy)).toMatchObject([{ value: 9, worst: 4 }]);
  });

  test('reports no values if absence fired', () => {
    expect(replayed([5, null, null, 5], { absent: 'CRITICAL' })).toMatchObject([
      {
        severity: 'CRITICAL',
        firedAt: MINUTE,
        resolvedAt: 3 * MINUTE,
        value: null,
        threshold: null,
        worst: null,
      },
    ]);
    expect(replayed([12, null, null, 5], { absent: 'KEEP' })).toMatchObject([
      { firedAt: 0, resolvedAt: 3 * MINUTE, worst: 12 },
    ]);
    expect(replayed([undefined, undefined], { absent: 'WARNING' })).toMatchObject([{ firedAt: 0 }]);
  });

  describe('one of several groups', () => {
    const group = (values: readonly (number | null | undefined)[], policy: Partial<RulePolicy>, step = DAY) =>
      replay({ ...ONE_OF_SEVERAL, ...policy }, measurementsOf(values, step)).map(
        ({ firedAt, resolvedAt, resolution }) => [
          firedAt / step,
          resolvedAt === null ? null : resolvedAt / step,
          resolution,
        ],
      );
    const gone = Array(9).fill(undefined);

    test('is known from its first event on', () => {
      expect(group([undefined, undefined, 5, undefined], { absent: 'CRITICAL' })).toEqual([[3, null, null]]);
    });

    test('is forgotten after a week of absence, until it returns', () => {
      const policy = { absent: 'CRITICAL' } as const;
      expect(group([5, ...gone, 5, undefined], policy)).toEqual([
        [1, 8, 'RECOVERED'],
        [11, null, null],
      ]);
    });

    test('is forgotten, too, if absence counts as zero', () => {
      const zero = measurementsOf([5, ...gone], DAY).map((measurement) => ({
        ...measurement,
        value: measurement.value ?? 0,
      }));
      const policy: GroupPolicy = { ...ONE_OF_SEVERAL, comparator: 'LT', warning: 1, critical: null };
      expect(replay(policy, zero)).toMatchObject([{ firedAt: DAY, resolvedAt: 8 * DAY, worst: 0 }]);
    });

    test('is never forgotten if it is the only group of a rule', () => {
      expect(replay({ ...POLICY, absent: 'CRITICAL' }, measurementsOf([5, ...gone], DAY))).toMatchObject([
        { firedAt: DAY, resolvedAt: null },
      ]);
    });
  });
});
