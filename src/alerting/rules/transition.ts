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
  /** When webhooks were last told. */
  readonly notifiedAt: number;
}

/** What is remembered of one group of a rule. Times are epoch milliseconds. */
export interface GroupState extends LevelsSince {
  /** Since when there was nothing to measure; null: the last look found something. */
  readonly absentSince: number | null;
  /**
   * Since when each look found no threshold passed, while an alert is still open; null: there is
   * none such.
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

/** What one look at a group found. */
export interface Observation {
  /** Null: there was nothing to measure. */
  readonly value: number | null;
  /** How far people have come with the alert that fires; null: none does, or it is gone. */
  readonly alertStatus: 'OPEN' | 'ACKNOWLEDGED' | 'RESOLVED' | null;
}

/** An alert is raised: ESCALATE and EASE, in place of a milder or a worse one. */
export interface Raising {
  readonly kind: 'RAISE' | 'ESCALATE' | 'EASE';
  readonly severity: Bad;
  /** Null: absence of data raises it. */
  readonly threshold: number | null;
}

/** What is to be done about it. */
export type Action = { readonly kind: 'NONE' | 'RESOLVE' | 'REMIND' } | Raising;

/** What decides over the alert of a group. */
export interface TransitionPolicy extends RulePolicy {
  /**
   * Whether an alert that gets better but not well gives way to a milder one, so that what is open
   * always says how it is. False: it stays as it is, so that a number that swings around the worse
   * threshold raises one alert, not many.
   */
  readonly eases: boolean;
}

export interface Transition {
  readonly state: GroupState;
  readonly action: Action;
}

const NOTHING: Action = { kind: 'NONE' };

/**
 * What becomes of a group after a look at it: the alert is raised when a threshold was passed for
 * as long as the rule says; raised anew, and the milder one ended, when it gets worse; ended when
 * no threshold was passed for as long as the rule says. What becomes of one that gets better but
 * not well, the policy says.
 *
 * An alert that was resolved by hand while the number stays bad is raised anew when it gets worse
 * than it has been since, or when a reminder is due.
 */
export function decideTransition(
  policy: TransitionPolicy,
  before: GroupState,
  { value, alertStatus }: Observation,
  now: number,
): Transition {
  const state = asOf(before, now);
  const absentSince = value === null ? (state.absentSince ?? now) : null;
  if (value === null && policy.absent === 'KEEP')
    return remindWhenDue(policy, { ...state, absentSince }, alertStatus, now);
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
      return remindWhenDue(policy, { ...since, wellSince, firing: state.firing }, alertStatus, now);
    return { state: { ...since, firing: null }, action: { kind: 'RESOLVE' } };
  }
  const firing = isOpen ? state.firing : atMost(level, state.firing);
  const held = heldLevel(policy, since, now);
  const kind = held === 'OK' ? null : raisingOf(policy, firing, { level, held }, isOpen, now);
  if (held === 'OK' || kind === null) return remindWhenDue(policy, { ...since, firing }, alertStatus, now);
  const threshold = value === null ? null : passedThreshold(policy, held);
  const fired = { severity: held, firedAt: now, notifiedAt: now };
  return { state: { ...since, firing: fired }, action: { kind, severity: held, threshold } };
}

/**
 * The state with no time later than now: after the clock was set back nothing waits until it is
 * where it was.
 */
function asOf({ firing, ...since }: GroupState, now: number): GroupState {
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

/**
 * Of an alert that was resolved by hand only how bad it is since then counts: a later rise raises
 * anew.
 */
function atMost(level: Bad, firing: Firing | null): Firing | null {
  return firing !== null && RANK[level] < RANK[firing.severity] ? { ...firing, severity: level } : firing;
}

/**
 * How an alert of the held level comes to be raised; null: it does not, for the one that fires says
 * it all.
 */
function raisingOf(
  policy: TransitionPolicy,
  firing: Firing | null,
  { level, held }: { readonly level: Level; readonly held: Bad },
  isOpen: boolean,
  now: number,
): Raising['kind'] | null {
  if (firing === null) return 'RAISE';
  if (RANK[held] > RANK[firing.severity]) return isOpen ? 'ESCALATE' : 'RAISE';
  if (!isOpen) return isReminderDue(policy, firing, now) ? 'RAISE' : null;
  return policy.eases && RANK[level] < RANK[firing.severity] ? 'EASE' : null;
}

/** Nobody is reminded of an alert that somebody has taken. */
function remindWhenDue(
  policy: RulePolicy,
  state: GroupState,
  alertStatus: Observation['alertStatus'],
  now: number,
): Transition {
  const { firing } = state;
  if (firing === null || alertStatus !== 'OPEN' || !isReminderDue(policy, firing, now))
    return { state, action: NOTHING };
  return { state: { ...state, firing: { ...firing, notifiedAt: now } }, action: { kind: 'REMIND' } };
}

function isReminderDue({ renotifyMs }: RulePolicy, { notifiedAt }: Firing, now: number): boolean {
  return renotifyMs !== null && now - notifiedAt >= renotifyMs;
}
