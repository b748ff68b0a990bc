import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Level, levelOf, RANK } from '../../../src/alerting/rules/level.ts';
import {
  type Action,
  decideTransition,
  type GroupState,
  type Observation,
  type TransitionPolicy,
  WELL,
} from '../../../src/alerting/rules/transition.ts';

const policies: fc.Arbitrary<TransitionPolicy> = fc
  .record({
    comparator: fc.constantFrom('GT', 'GTE', 'LT', 'LTE'),
    milder: fc.integer({ min: 0, max: 5 }),
    distance: fc.integer({ min: 1, max: 5 }),
    which: fc.constantFrom('both', 'warning', 'critical'),
    forMs: fc.constantFrom(0, 1, 10, 30),
    absent: fc.constantFrom('OK', 'KEEP', 'WARNING', 'CRITICAL'),
    recoverMs: fc.constantFrom(0, 0, 10, 20),
    renotifyMs: fc.constantFrom(null, 10, 25),
    eases: fc.boolean(),
  } as const)
  .map(({ milder, distance, which, ...policy }) => ({
    ...policy,
    warning: which === 'critical' ? null : milder,
    critical: which === 'warning' ? null : milder + (policy.comparator[0] === 'G' ? distance : -distance),
  }));

/**
 * An evaluation, this many milliseconds after the previous one, and the actions of people on the
 * alert before it.
 */
const measurements = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 15 }),
    value: fc.option(fc.integer({ min: -6, max: 12 })),
    hand: fc.constantFrom('nothing', 'nothing', 'nothing', 'acknowledge', 'resolve'),
  }),
  { maxLength: 60 },
);

interface Step {
  readonly now: number;
  readonly value: number | null;
  readonly before: GroupState;
  readonly state: GroupState;
  readonly action: Action;
  /** The status of the alert before the evaluation. */
  readonly status: Observation['alertStatus'];
}

/** Applies the actions to the alert of the group. */
function run(
  policy: TransitionPolicy,
  given: readonly (typeof measurements extends fc.Arbitrary<(infer L)[]> ? L : never)[],
) {
  const steps: Step[] = [];
  let [now, state, status] = [1_000_000, WELL, null as Observation['alertStatus']];
  for (const { afterMs, value, hand } of given) {
    now += afterMs;
    if (hand === 'acknowledge' && status === 'OPEN') status = 'ACKNOWLEDGED';
    if (hand === 'resolve' && status !== null) status = 'RESOLVED';
    const transition = decideTransition(policy, state, { value, alertStatus: status, now });
    steps.push({ now, value, before: state, status, ...transition });
    state = transition.state;
    const { kind } = transition.action;
    if (kind === 'RAISE' || kind === 'ESCALATE' || kind === 'EASE') status = 'OPEN';
    if (state.firing === null) status = null;
  }
  return steps;
}

const holds = (property: (policy: TransitionPolicy, steps: readonly Step[]) => void) =>
  fc.assert(
    fc.property(policies, measurements, (policy, given) => property(policy, run(policy, given))),
    { numRuns: 2000, seed: 7405 },
  );

test('an alert is never raised while another one of its group is open', () => {
  holds(({ eases }, steps) => {
    for (const { action, before, status } of steps) {
      if (action.kind === 'RAISE') expect(before.firing === null || status === 'RESOLVED').toBe(true);
      if (action.kind === 'ESCALATE') {
        expect(before.firing?.severity).toBe('WARNING');
        expect(action.severity).toBe('CRITICAL');
        expect(status).not.toBe('RESOLVED');
      }
      if (action.kind === 'EASE') {
        expect(eases).toBe(true);
        expect(before.firing?.severity).toBe('CRITICAL');
        expect(action.severity).toBe('WARNING');
        expect(status).not.toBe('RESOLVED');
      }
      if (action.kind === 'RESOLVE' || action.kind === 'REMIND') {
        expect(before.firing).not.toBeNull();
        expect(status).not.toBe('RESOLVED');
      }
    }
  });
});

test('an alert is raised only after each evaluation with data has found its level for as long as `for`', () => {
  holds((policy, steps) => {
    steps.forEach(({ action, now }, index) => {
      if (!('severity' in action)) return;
      const since = steps.findIndex((step) => step.now > now - policy.forMs);
      // The previous evaluation was also bad, or the time had not passed.
      const first = policy.forMs === 0 ? index : steps.slice(0, since).findLastIndex(counts);
      expect(first).toBeGreaterThanOrEqual(0);
      for (const { value } of steps.slice(first, index + 1).filter(counts)) {
        const level = levelOf(policy, value);
        expect(level === 'CRITICAL' || level === action.severity).toBe(true);
      }

      function counts({ value }: Step): boolean {
        return value !== null || policy.absent !== 'KEEP';
      }
    });
  });
});

test('an alert ends as soon as no evaluation has found a passed threshold for as long as recovery takes', () => {
  holds((policy, steps) => {
    const counts = ({ value }: Pick<Step, 'value'>) => value !== null || policy.absent !== 'KEEP';
    /** For each evaluation, the time since which no threshold was passed. */
    let since: number | null = null;
    for (const step of steps.filter(counts)) {
      const { value, now, before, state, status, action } = step;
      if (levelOf(policy, value) !== 'OK') {
        since = null;
        expect(action.kind).not.toBe('RESOLVE');
        expect(state.wellSince).toBeNull();
        continue;
      }
      since ??= now;
      const isOpen = before.firing !== null && status !== 'RESOLVED';
      const isOver = now - since >= policy.recoverMs;
      expect(action.kind === 'RESOLVE').toBe(isOpen && isOver);
      const rest = { ...WELL, absentSince: state.absentSince };
      if (!isOpen || isOver) expect(state).toEqual(rest);
      else expect(state).toEqual({ ...rest, wellSince: since, firing: state.firing });
    }
  });
});

test('each firing was notified, and not repeated before its time', () => {
  holds((policy, steps) => {
    let notifiedAt = Number.NEGATIVE_INFINITY;
    for (const { action, now, state, status } of steps) {
      if (action.kind === 'REMIND') {
        expect(status).toBe('OPEN');
        expect(now - notifiedAt).toBeGreaterThanOrEqual(policy.renotifyMs as number);
      }
      if (action.kind !== 'NONE' && action.kind !== 'RESOLVE') notifiedAt = now;
      if (state.firing !== null) expect(state.firing.notifiedAt).toBe(notifiedAt);
    }
  });
});

test('repeating the same evaluation changes nothing', () => {
  holds((policy, steps) => {
    for (const { value, state, now, action } of steps) {
      if ('severity' in action || state.firing === null) continue;
      const again = decideTransition(policy, state, { value, alertStatus: 'ACKNOWLEDGED', now });
      expect(again).toEqual({ state, action: { kind: 'NONE' } });
    }
  });
});

test('a rise after an alert was resolved by hand raises another', () => {
  holds((policy, steps) => {
    /** The mildest level since the alert was resolved manually. */
    let mildest: Level = 'CRITICAL';
    for (const { value, now, status, before, state, action } of steps) {
      if (before.firing === null || status !== 'RESOLVED') mildest = 'CRITICAL';
      if (before.firing === null || status !== 'RESOLVED' || (value === null && policy.absent === 'KEEP'))
        continue;
      const level = levelOf(policy, value);
      if (RANK[level] < RANK[mildest]) mildest = level;
      const isHeld = state.criticalSince !== null && now - state.criticalSince >= policy.forMs;
      if (mildest === 'WARNING' && isHeld)
        expect(action).toMatchObject({ kind: 'RAISE', severity: 'CRITICAL' });
    }
  });
});

test('an open alert shows the present level if the policy eases, and never gets milder if it does not', () => {
  holds((policy, steps) => {
    for (const { now, value, status, before, state, action } of steps) {
      if (state.firing === null || before.firing === null || status === 'RESOLVED') continue;
      const isKept = value === null && policy.absent === 'KEEP';
      // A milder level has held as long as the worse one, unless all was well in between.
      const isHeld = state.warningSince !== null && now - state.warningSince >= policy.forMs;
      if (policy.eases && !isKept && isHeld && levelOf(policy, value) === 'WARNING')
        expect(state.firing.severity).toBe('WARNING');
      if (!policy.eases)
        expect(RANK[state.firing.severity]).toBeGreaterThanOrEqual(RANK[before.firing.severity]);
      expect('severity' in action).toBe(state.firing.severity !== before.firing.severity);
    }
  });
});

test('a clock that was set back delays nothing for longer than `for`', () => {
  const instants = fc.integer({ min: 970, max: 1030 });
  const states = fc.record({
    warningSince: instants,
    criticalSince: fc.option(instants),
    absentSince: fc.option(instants),
    wellSince: fc.option(instants),
    firing: fc.option(
      fc.record({
        severity: fc.constantFrom('WARNING' as const, 'CRITICAL' as const),
        firedAt: instants,
        notifiedAt: instants,
      }),
    ),
  });
  fc.assert(
    fc.property(policies, states, fc.integer({ min: -6, max: 12 }), (policy, before, value) => {
      const observation = { value, alertStatus: before.firing && ('ACKNOWLEDGED' as const), now: 1000 };
      const { state } = decideTransition(policy, before, observation);
      const { firing, ...since } = state;
      for (const instant of [...Object.values(since), firing?.firedAt, firing?.notifiedAt])
        expect(instant ?? 0).toBeLessThanOrEqual(1000);
      const later = decideTransition(policy, state, { ...observation, now: 1000 + policy.forMs });
      if (levelOf(policy, value) === 'CRITICAL') expect(later.state.firing?.severity).toBe('CRITICAL');
    }),
    { numRuns: 2000, seed: 7405 },
  );
});
