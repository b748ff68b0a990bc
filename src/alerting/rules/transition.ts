import type { RulePolicy } from './rule.ts';

/** How bad a number is. */
export type Level = 'OK' | 'WARNING' | 'CRITICAL';
type Bad = Exclude<Level, 'OK'>;

/** The alert of a group, from when it was raised until the group is well. */
export interface Firing {
  readonly severity: Bad;
  readonly firedAt: number;
  /** When webhooks were last told. */
  readonly notifiedAt: number;
}

/** What is remembered of one group of a rule. Times are epoch milliseconds. */
export interface GroupState {
  /** Since when each look found the level, or a worse one; null: the last one did not. */
  readonly warningSince: number | null;
  readonly criticalSince: number | null;
  /** Since when there was nothing to measure; null: the last look found something. */
  readonly absentSince: number | null;
  readonly firing: Firing | null;
}

export const WELL: GroupState = { warningSince: null, criticalSince: null, absentSince: null, firing: null };

/** What one look at a group found. */
export interface Observation {
  /** Null: there was nothing to measure. */
  readonly value: number | null;
  /** How far people have come with the alert that fires; null: none does, or it is gone. */
  readonly alertStatus: 'OPEN' | 'ACKNOWLEDGED' | 'RESOLVED' | null;
}

/** What is to be done about it. `threshold` is null when absence of data raised the alert. */
export type Action =
  | { readonly kind: 'NONE' | 'RESOLVE' | 'REMIND' }
  | { readonly kind: 'RAISE' | 'ESCALATE'; readonly severity: Bad; readonly threshold: number | null };

export interface Transition {
  readonly state: GroupState;
  readonly action: Action;
}

const NOTHING: Action = { kind: 'NONE' };
const RANK: Readonly<Record<Level, number>> = { OK: 0, WARNING: 1, CRITICAL: 2 };

/**
 * What becomes of a group after a look at it: the alert is raised when a threshold was passed for as long as the rule says; raised anew,
 * and the milder one ended, when it gets worse; ended as soon as no threshold is passed. An alert that gets better but not well
 * stays as it is, so a number that swings around the worse threshold raises one alert, not many.
 *
 * An alert that was resolved by hand while the number stays bad is raised anew when it gets worse, or when a reminder is due.
 */
export function decideTransition(
  policy: RulePolicy,
  state: GroupState,
  { value, alertStatus }: Observation,
  now: number,
): Transition {
  const absentSince = value === null ? (state.absentSince ?? now) : null;
  const isOpen = alertStatus === 'OPEN' || alertStatus === 'ACKNOWLEDGED';
  if (value === null && policy.absent === 'KEEP')
    return remindWhenDue(policy, { ...state, absentSince }, alertStatus, now);
  const level = levelOf(policy, value);
  const since = {
    warningSince: level === 'OK' ? null : (state.warningSince ?? now),
    criticalSince: level === 'CRITICAL' ? (state.criticalSince ?? now) : null,
    absentSince,
  };
  const { firing } = state;
  if (level === 'OK') {
    const action: Action = firing !== null && isOpen ? { kind: 'RESOLVE' } : NOTHING;
    return { state: { ...since, firing: null }, action };
  }
  const held = heldLevel(policy, since, now);
  if (held === 'OK' || (firing !== null && !firesAnew(policy, firing, held, isOpen, now)))
    return remindWhenDue(policy, { ...since, firing }, alertStatus, now);
  const kind = firing !== null && isOpen ? 'ESCALATE' : 'RAISE';
  const threshold = value === null ? null : passedThreshold(policy, held);
  const fired = { severity: held, firedAt: now, notifiedAt: now };
  return { state: { ...since, firing: fired }, action: { kind, severity: held, threshold } };
}

/** Whether a group that fires has another alert raised: it got worse, or the one it had was ended by hand and a reminder is due. */
function firesAnew(policy: RulePolicy, firing: Firing, held: Bad, isOpen: boolean, now: number): boolean {
  return RANK[held] > RANK[firing.severity] || (!isOpen && isReminderDue(policy, firing, now));
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

/** The threshold of the level. A number that follows on absence may be held for WARNING by a rule that has none of WARNING. */
function passedThreshold({ warning, critical }: RulePolicy, level: Bad): number | null {
  return level === 'CRITICAL' ? critical : (warning ?? critical);
}

/** How bad the number is by itself; null: there was nothing to measure. */
export function levelOf(policy: RulePolicy, value: number | null): Level {
  if (value === null) return policy.absent === 'KEEP' ? 'OK' : policy.absent;
  if (passes(policy, value, policy.critical)) return 'CRITICAL';
  return passes(policy, value, policy.warning) ? 'WARNING' : 'OK';
}

function passes({ comparator }: RulePolicy, value: number, threshold: number | null): boolean {
  if (threshold === null) return false;
  switch (comparator) {
    case 'GT':
      return value > threshold;
    case 'GTE':
      return value >= threshold;
    case 'LT':
      return value < threshold;
    case 'LTE':
      return value <= threshold;
  }
}

/** The worst level that was found for as long as the rule wants. */
function heldLevel(
  { forMs }: RulePolicy,
  { warningSince, criticalSince }: Pick<GroupState, 'warningSince' | 'criticalSince'>,
  now: number,
): Level {
  if (criticalSince !== null && now - criticalSince >= forMs) return 'CRITICAL';
  return warningSince !== null && now - warningSince >= forMs ? 'WARNING' : 'OK';
}
