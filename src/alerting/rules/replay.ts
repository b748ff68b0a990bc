import { decideGroup, type GroupDecision, type GroupPolicy, type Measurement } from './decide-group.ts';
import type { RulePolicy } from './rule.ts';
import type { Firing, GroupState } from './transition.ts';

/** A measurement of a group, and when it was made, in epoch milliseconds. */
export type TimedMeasurement = Pick<Measurement, 'value' | 'found'> & { readonly at: number };

/** An alert that would have been raised. */
export interface ReplayedAlert {
  readonly severity: Firing['severity'];
  /** Since when every evaluation had found the threshold passed. */
  readonly pendingSince: number;
  readonly firedAt: number;
  /** Null if it was still open at the last evaluation. */
  readonly resolvedAt: number | null;
  /** `ESCALATED`: the next alert of the group replaced it. Null if it was still open. */
  readonly resolution: 'RECOVERED' | 'ESCALATED' | null;
  /** The value that was measured when it fired; null if missing data fired it. */
  readonly value: number | null;
  /** The threshold that the value passed; null if missing data fired it. */
  readonly threshold: number | null;
  /** The value furthest beyond the threshold while the alert was open; null if there was none. */
  readonly worst: number | null;
}

/**
 * The alerts that the measurements of one group would have caused, if the group was healthy before
 * and nobody acknowledged or resolved any. Reminders are left out: they change nothing.
 */
export interface Replay {
  /** Adds the next measurement, in order of time. */
  add(measurement: TimedMeasurement): void;
  readonly alerts: readonly ReplayedAlert[];
}

export function startReplay(policy: GroupPolicy): Replay {
  // A policy that forgets groups has several groups, each known only from its first event on.
  const isOneOfSeveral = policy.forgetsAfterMs !== null;
  const silent = { ...policy, renotifyMs: null };
  const alerts: ReplayedAlert[] = [];
  let state: GroupState | null = null;
  return {
    alerts,
    add(measurement) {
      if (isOneOfSeveral && state === null && !measurement.found) return;
      const alertStatus = openOf(alerts) === null ? null : 'OPEN';
      const decision = decideGroup(silent, { before: state, measurement, alertStatus, now: measurement.at });
      applyDecision(alerts, policy, { decision, measurement });
      state = decision.state;
    },
  };
}

/** Only the last alert can be open: each ends before the next begins. */
function openOf(alerts: readonly ReplayedAlert[]): ReplayedAlert | null {
  const last = alerts.at(-1);
  return last === undefined || last.resolvedAt !== null ? null : last;
}

function endOpen(alerts: ReplayedAlert[], at: number, resolution: 'RECOVERED' | 'ESCALATED'): void {
  const open = openOf(alerts);
  if (open !== null) alerts[alerts.length - 1] = { ...open, resolvedAt: at, resolution };
}

interface DecidedMeasurement {
  readonly decision: GroupDecision;
  readonly measurement: TimedMeasurement;
}

function applyDecision(
  alerts: ReplayedAlert[],
  policy: RulePolicy,
  { decision: { state, action }, measurement: { at, value } }: DecidedMeasurement,
): void {
  if (action.kind === 'RESOLVE') endOpen(alerts, at, 'RECOVERED');
  if ('severity' in action) {
    const { severity, threshold } = action;
    const since = severity === 'CRITICAL' ? state?.criticalSince : state?.warningSince;
    endOpen(alerts, at, action.kind === 'EASE' ? 'RECOVERED' : 'ESCALATED');
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
