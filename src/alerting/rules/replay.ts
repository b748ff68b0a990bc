import type { RulePolicy } from './rule.ts';
import { decideTransition, type Firing, type GroupState, type Transition, WELL } from './transition.ts';

/** One look at a group. Times are epoch milliseconds. */
export interface Look {
  readonly at: number;
  /** Null: there was nothing to measure. */
  readonly value: number | null;
  /** Whether the window had any event of the group. */
  readonly found: boolean;
}

/** An alert that would have been raised. */
export interface ReplayedAlert {
  readonly severity: Firing['severity'];
  /** Since when each look had found the threshold passed. */
  readonly pendingSince: number;
  readonly firedAt: number;
  /** Null: it was still open at the last look. */
  readonly resolvedAt: number | null;
  /** `ESCALATED`: the next one of the group took its place. Null: it was still open. */
  readonly resolution: 'RECOVERED' | 'ESCALATED' | null;
  /** What was measured when it fired; null: absence of data fired it. */
  readonly value: number | null;
  /** What that had passed; null: absence of data fired it. */
  readonly threshold: number | null;
  /** The value furthest beyond the threshold while it was open; null: there was none. */
  readonly worst: number | null;
}

/** One of several groups without events, or with too few, for so long is forgotten, and its alert ends. */
const FORGET_AFTER_MS = 7 * 86_400_000;

/**
 * The alerts that the looks at one group would have led to, from a group that is well, with nobody there to acknowledge or resolve
 * them. Reminders are left out: they change nothing.
 *
 * @param looks in order of time
 * @param isOneOfSeveral whether the group comes to be known by its first event and is forgotten in the end; if not, it is always there
 */
export function replay(
  policy: RulePolicy,
  looks: Iterable<Look>,
  isOneOfSeveral: boolean,
): readonly ReplayedAlert[] {
  const silent = { ...policy, renotifyMs: null };
  const alerts: ReplayedAlert[] = [];
  let state: GroupState | null = isOneOfSeveral ? null : WELL;
  for (const look of looks) {
    if (state === null && !look.found) continue;
    const { at, value } = look;
    const before: GroupState = state ?? WELL;
    const alertStatus = openOf(alerts) === null ? null : 'OPEN';
    const transition = decideTransition(silent, before, { value, alertStatus }, at);
    // A count of nothing is a value; the group is gone all the same.
    const absentSince = transition.state.absentSince ?? (look.found ? null : (before.absentSince ?? at));
    if (isOneOfSeveral && absentSince !== null && at - absentSince >= FORGET_AFTER_MS) {
      endOpen(alerts, at, 'RECOVERED');
      state = null;
      continue;
    }
    state = { ...transition.state, absentSince };
    take(alerts, policy, transition, look);
  }
  return alerts;
}

/** Only the last one can be open: it ends before another begins. */
function openOf(alerts: readonly ReplayedAlert[]): ReplayedAlert | null {
  const last = alerts.at(-1);
  return last === undefined || last.resolvedAt !== null ? null : last;
}

function endOpen(alerts: ReplayedAlert[], at: number, resolution: 'RECOVERED' | 'ESCALATED'): void {
  const open = openOf(alerts);
  if (open !== null) alerts[alerts.length - 1] = { ...open, resolvedAt: at, resolution };
}

function take(
  alerts: ReplayedAlert[],
  policy: RulePolicy,
  { state, action }: Transition,
  { at, value }: Look,
): void {
  if (action.kind === 'RESOLVE') endOpen(alerts, at, 'RECOVERED');
  if (action.kind === 'RAISE' || action.kind === 'ESCALATE') {
    const { severity, threshold } = action;
    const since = severity === 'CRITICAL' ? state.criticalSince : state.warningSince;
    endOpen(alerts, at, 'ESCALATED');
    const ends = { resolvedAt: null, resolution: null };
    alerts.push({
      severity,
      pendingSince: since ?? at,
      firedAt: at,
      ...ends,
      value,
      threshold,
      worst: value,
    });
    return;
  }
  const open = openOf(alerts);
  if (open !== null) alerts[alerts.length - 1] = { ...open, worst: worseOf(policy, open.worst, value) };
}

function worseOf({ comparator }: RulePolicy, one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return comparator === 'GT' || comparator === 'GTE' ? Math.max(one, other) : Math.min(one, other);
}
