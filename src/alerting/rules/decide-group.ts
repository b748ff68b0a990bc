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

/** What a look found of one group. */
export interface Measurement {
  readonly labels: Labels;
  /** Null: there was nothing to measure, or too little. */
  readonly value: number | null;
  /** Whether the window had any event of it. */
  readonly found: boolean;
}

/** What becomes of groups, and of what is remembered of them. */
export interface GroupPolicy extends TransitionPolicy {
  /**
   * Groups that are well are remembered as well: that they are gone one day will mean something.
   */
  readonly remembersWell: boolean;
  /** A group without events for so long is forgotten, and its alert ended; null: never. */
  readonly forgetsAfterMs: number | null;
}

export interface GroupDecision {
  readonly action: Action;
  /** Null: nothing is remembered of it. */
  readonly state: GroupState | null;
  /** False: all stays as it is, and nothing has to be written. */
  readonly changes: boolean;
}

/**
 * Decides what becomes of a group after a look at it.
 *
 * @param before what is remembered of it; null: nothing.
 */
export function decideGroup(
  policy: GroupPolicy,
  before: GroupState | null,
  { value, found }: Pick<Measurement, 'value' | 'found'>,
  alertStatus: Observation['alertStatus'],
  now: number,
): GroupDecision {
  const transition = decideTransition(policy, before ?? WELL, { value, alertStatus }, now);
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
