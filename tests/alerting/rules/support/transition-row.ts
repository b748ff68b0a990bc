import { expect } from 'vitest';
import {
  type Action,
  decideTransition,
  type Firing,
  type GroupState,
  type Observation,
  type TransitionPolicy,
  WELL,
} from '../../../../src/alerting/rules/transition.ts';

export const MINUTE = 60_000;
export const NOW = Date.parse('2026-11-22T12:00:00Z');

/**
 * A value above 10 is bad, and above 20 critical; the rule fires at once and sends no reminders.
 */
export const POLICY: TransitionPolicy = {
  comparator: 'GT',
  warning: 10,
  critical: 20,
  forMs: 0,
  absent: 'OK',
  recoverMs: 0,
  renotifyMs: null,
  eases: false,
};

export const firing = (severity: Firing['severity'], agoMs: number, notifiedAgoMs = agoMs): Firing => ({
  severity,
  firedAt: NOW - agoMs,
  notifiedAt: NOW - notifiedAgoMs,
});
export const fired = (severity: Firing['severity']): Firing => ({ severity, firedAt: NOW, notifiedAt: NOW });
export const ago = (milliseconds: number) => NOW - milliseconds;
export const raise = (severity: Firing['severity'], threshold: number | null): Action => ({
  kind: 'RAISE',
  severity,
  threshold,
});

/** A row of the table. Omitted values are those of `POLICY` and `WELL`, without an alert. */
export interface Row {
  readonly name: string;
  readonly policy?: Partial<TransitionPolicy>;
  readonly state?: Partial<GroupState>;
  readonly value: number | null;
  readonly alertStatus?: Observation['alertStatus'];
  /** The state afterwards. Omitted values are those of `WELL`. */
  readonly becomes: Partial<GroupState>;
  readonly action: Action | Action['kind'];
}

/** Asserts that the decision matches the row. */
export function check({ policy, state, value, alertStatus = null, becomes, action }: Row): void {
  const before = { ...WELL, ...state };
  const transition = decideTransition({ ...POLICY, ...policy }, before, { value, alertStatus, now: NOW });
  expect(transition.state).toEqual({ ...WELL, ...becomes });
  expect(transition.action).toEqual(typeof action === 'string' ? { kind: action } : action);
}

export const BAD_5_MIN = { warningSince: ago(5 * MINUTE) };
export const BOTH_5_MIN = { ...BAD_5_MIN, criticalSince: ago(5 * MINUTE) };
export const WARNED = { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE) };
export const CRITICAL = { ...BOTH_5_MIN, firing: firing('CRITICAL', 5 * MINUTE) };
