import {
  type Bad,
  heldLevel,
  type Level,
  type LevelsSince,
  levelOf,
  passedThreshold,
  RANK,
} from './level.ts';
import type { RulePolicy } from './rule.ts';

/** The alert of a group, from when it was raised until the group is well. */
export interface Firing {
  readonly severity: Bad;
  readonly firedAt: number;
  /** When webhooks were last notified. */
  readonly notifiedAt: number;
}

/** What is remembered about one group of a rule. Times are epoch milliseconds. */
export interface GroupState extends LevelsSince {
  /** Since when there has been nothing to measure; null if the last evaluation found something. */
  readonly absentSince: number | null;
  /**
   * Since when every evaluation has found no threshold passed while an alert is still open; null
   * otherwise.
   */
  readonly wellSince: number | null;
  readonly firing: Firing | null;
}

export const WELL: GroupState = {
  warningSince: null,
  criticalSince: null,
  absentSince: null,
  wellSince: null,
  firing: null,
};

/** What one evaluation of a group found, and when. */
export interface Observation {
  /** Null if there was nothing to measure. */
  readonly value: number | null;
  /** The status of the alert that fires; null if none fires, or if it no longer exists. */
  readonly alertStatus: 'OPEN' | 'ACKNOWLEDGED' | 'RESOLVED' | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** An alert is raised. ESCALATE replaces a milder alert, EASE a worse one. */
export interface Raising {
  readonly kind: 'RAISE' | 'ESCALATE' | 'EASE';
  readonly severity: Bad;
  /** Null if missing data raises it. */
  readonly threshold: number | null;
}

/** What to do with the alert of a group. */
export type Action = { readonly kind: 'NONE' | 'RESOLVE' | 'REMIND' } | Raising;

/** The settings that decide about the alert of a group. */
export interface TransitionPolicy extends RulePolicy {
  /**
   * Whether a milder alert replaces one that gets better but not well, so that the open alert
   * always shows the current severity. If false, the alert stays as it is, so that a number that
   * oscillates around the worse threshold raises one alert, not many.
   */
  readonly eases: boolean;
}

export interface Transition {
  readonly state: GroupState;
  readonly action: Action;
}

const NOTHING: Action = { kind: 'NONE' };

/**
 * Decides what happens to a group after an evaluation. If a threshold has been passed for as long
 * as the rule requires, an alert is raised. If the group gets worse, a new alert is raised and the
 * milder one is ended. If no threshold has been passed for as long as the rule requires, the alert
 * is ended. If the group gets better but not well, the policy decides.
 *
 * If a person resolved an alert while the number stays bad, it is raised again when the number gets
 * worse than it has been since, or when a reminder is due.
 */
export function decideTransition(
  policy: TransitionPolicy,
  before: GroupState,
  observation: Observation,
): Transition {
  const { value, alertStatus, now } = observation;
  const state = asOf(before, now);
  const absentSince = value === null ? (state.absentSince ?? now) : null;
  if (value === null && policy.absent === 'KEEP')
    return remindWhenDue(policy, { ...state, absentSince }, observation);
  const isOpen = alertStatus === 'OPEN' || alertStatus === 'ACKNOWLEDGED';
  const level = levelOf(policy, value);
  const since = {
    warningSince: level === 'OK' ? null : (state.warningSince ?? now),
    criticalSince: level === 'CRITICAL' ? (state.criticalSince ?? now) : null,
    absentSince,
    wellSince: null,
  };
  if (level === 'OK') {
    if (state.firing === null || !isOpen) return { state: { ...since, firing: null }, action: NOTHING };
    const wellSince = state.wellSince ?? now;
    if (now - wellSince < policy.recoverMs)
      return remindWhenDue(policy, { ...since, wellSince, firing: state.firing }, observation);
    return { state: { ...since, firing: null }, action: { kind: 'RESOLVE' } };
  }
  const firing = isOpen ? state.firing : atMost(level, state.firing);
  const held = heldLevel(policy, since, now);
  const kind = held === 'OK' ? null : raisingOf(policy, { firing, level, held, isOpen, now });
  if (held === 'OK' || kind === null) return remindWhenDue(policy, { ...since, firing }, observation);
  const threshold = value === null ? null : passedThreshold(policy, held);
  const fired = { severity: held, firedAt: now, notifiedAt: now };
  return { state: { ...since, firing: fired }, action: { kind, severity: held, threshold } };
}

/** Limits the times of the state to now, so that nothing waits after the clock was set back. */
function asOf(state: GroupState, now: number): GroupState {
  if (!isAhead(state, now)) return state;
  const { firing, ...since } = state;
  const past = (instant: number | null) => (instant === null ? null : Math.min(instant, now));
  return {
    warningSince: past(since.warningSince),
    criticalSince: past(since.criticalSince),
    absentSince: past(since.absentSince),
    wellSince: past(since.wellSince),
    firing: firing && {
      ...firing,
      firedAt: Math.min(firing.firedAt, now),
      notifiedAt: Math.min(firing.notifiedAt, now),
    },
  };
}

function isAhead(state: GroupState, now: number): boolean {
  const { warningSince, criticalSince, absentSince, wellSince, firing } = state;
  const latest = Math.max(warningSince ?? now, criticalSince ?? now, absentSince ?? now, wellSince ?? now);
  return latest > now || (firing !== null && Math.max(firing.firedAt, firing.notifiedAt) > now);
}

/**
 * After a person resolved an alert, only the worst level since then counts: a later rise raises a
 * new alert.
 */
function atMost(level: Bad, firing: Firing | null): Firing | null {
  return firing !== null && RANK[level] < RANK[firing.severity] ? { ...firing, severity: level } : firing;
}

interface HeldLevel {
  readonly firing: Firing | null;
  /** The level of the latest value. */
  readonly level: Level;
  /** The worst level that has lasted for as long as the rule requires. */
  readonly held: Bad;
  readonly isOpen: boolean;
  readonly now: number;
}

/** How to raise an alert of the held level; null if the alert that fires already covers it. */
function raisingOf(
  policy: TransitionPolicy,
  { firing, level, held, isOpen, now }: HeldLevel,
): Raising['kind'] | null {
  if (firing === null) return 'RAISE';
  if (RANK[held] > RANK[firing.severity]) return isOpen ? 'ESCALATE' : 'RAISE';
  if (!isOpen) return isReminderDue(policy, firing, now) ? 'RAISE' : null;
  return policy.eases && RANK[level] < RANK[firing.severity] ? 'EASE' : null;
}

/** Sends reminders only for an alert that nobody has acknowledged or resolved. */
function remindWhenDue(
  policy: RulePolicy,
  state: GroupState,
  { alertStatus, now }: Pick<Observation, 'alertStatus' | 'now'>,
): Transition {
  const { firing } = state;
  if (firing === null || alertStatus !== 'OPEN' || !isReminderDue(policy, firing, now))
    return { state, action: NOTHING };
  return { state: { ...state, firing: { ...firing, notifiedAt: now } }, action: { kind: 'REMIND' } };
}

function isReminderDue({ renotifyMs }: RulePolicy, { notifiedAt }: Firing, now: number): boolean {
  return renotifyMs !== null && now - notifiedAt >= renotifyMs;
}
