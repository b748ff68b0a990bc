import { isDeepStrictEqual } from 'node:util';
import type { Labels } from './group-states.ts';
import {
  type Action,
  decideTransition,
  type GroupState,
  type Observation,
  type TransitionPolicy,
  WELL,
} from './transition.ts';

/** What one evaluation measured for one group. */
export interface Measurement {
  readonly labels: Labels;
  /** Null if there was nothing to measure, or too little. */
  readonly value: number | null;
  /** Whether the window contained any event of the group. */
  readonly found: boolean;
}

/** How groups change their state, and which states are stored. */
export interface GroupPolicy extends TransitionPolicy {
  /**
   * Whether the states of healthy groups are stored too, so that the absence of such a group is
   * noticed.
   */
  readonly remembersWell: boolean;
  /**
   * After how many milliseconds without events a group is forgotten and its alert resolved. Null:
   * never.
   */
  readonly forgetsAfterMs: number | null;
}

/** A group at the moment of its evaluation. */
export interface EvaluatedGroup {
  /** The stored state; null if there is none. */
  readonly before: GroupState | null;
  readonly measurement: Pick<Measurement, 'value' | 'found'>;
  readonly alertStatus: Observation['alertStatus'];
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface GroupDecision {
  readonly action: Action;
  /** Null if nothing must be stored. */
  readonly state: GroupState | null;
  /** False if everything stays as it is and nothing must be written. */
  readonly changes: boolean;
}

/** Decides what to do with the alert and the state of a group after it was measured. */
export function decideGroup(
  policy: GroupPolicy,
  { before, measurement, alertStatus, now }: EvaluatedGroup,
): GroupDecision {
  const { value, found } = measurement;
  const transition = decideTransition(policy, before ?? WELL, { value, alertStatus, now });
  const absentSince =
    transition.state.absentSince ?? (found ? null : Math.min(before?.absentSince ?? now, now));
  if (!found && isForgotten(policy, absentSince, now)) return forget(before, alertStatus);
  const after = { ...transition.state, absentSince };
  const isRemembered = after.firing !== null || after.warningSince !== null || policy.remembersWell;
  const state = isRemembered ? after : null;
  const changes = transition.action.kind !== 'NONE' || !isDeepStrictEqual(before, state);
  return { action: transition.action, state, changes };
}

function isForgotten({ forgetsAfterMs }: GroupPolicy, absentSince: number | null, now: number): boolean {
  return forgetsAfterMs !== null && absentSince !== null && now - absentSince >= forgetsAfterMs;
}

function forget(before: GroupState | null, alertStatus: Observation['alertStatus']): GroupDecision {
  const isOpen = alertStatus === 'OPEN' || alertStatus === 'ACKNOWLEDGED';
  return { action: { kind: isOpen ? 'RESOLVE' : 'NONE' }, state: null, changes: before !== null };
}
