import { expect, test } from 'vitest';
import {
  decideGroup,
  type GroupDecision,
  type GroupPolicy,
  type Measurement,
} from '../../../src/alerting/rules/decide-group.ts';
import { type GroupState, type Observation, WELL } from '../../../src/alerting/rules/transition.ts';
import { ago, fired, firing, MINUTE, NOW, POLICY, raise } from './support/transition-row.ts';

const DAY = 24 * 60 * MINUTE;
const GROUPED: GroupPolicy = { ...POLICY, remembersWell: false, forgetsAfterMs: 7 * DAY };
/** A rule for which absence is significant. */
const WATCHFUL: GroupPolicy = { ...GROUPED, absent: 'WARNING', remembersWell: true };
/** A rule without groups. */
const ALONE: GroupPolicy = { ...GROUPED, forgetsAfterMs: null };
const LABELS = { endUser: 'u-1' };

const seen = (value: number | null): Measurement => ({ labels: LABELS, value, found: true });
const gone = (value: number | null): Measurement => ({ labels: LABELS, value, found: false });
const NONE = { kind: 'NONE' } as const;
const RESOLVE = { kind: 'RESOLVE' } as const;

const FIRES: GroupState = { ...WELL, warningSince: ago(MINUTE), firing: firing('WARNING', MINUTE) };
const goneFor = (milliseconds: number, state = WELL): GroupState => ({
  ...state,
  absentSince: ago(milliseconds),
});

interface Row {
  readonly name: string;
  readonly policy: GroupPolicy;
  /** Undefined: no state is stored. */
  readonly before?: GroupState;
  readonly measurement: Measurement;
  readonly status?: Observation['alertStatus'];
  readonly decision: GroupDecision;
}

test.each<Row>([
  {
    name: 'nothing is remembered of a group that is well',
    policy: GROUPED,
    measurement: seen(1),
    decision: { action: NONE, state: null, changes: false },
  },
  {
    name: 'a group that is well is remembered when its end will mean something',
    policy: WATCHFUL,
    measurement: seen(1),
    decision: { action: NONE, state: WELL, changes: true },
  },
  {
    name: 'it is written once',
    policy: WATCHFUL,
    before: WELL,
    measurement: seen(2),
    decision: { action: NONE, state: WELL, changes: false },
  },
  {
    name: 'a group that fires is written once',
    policy: GROUPED,
    before: FIRES,
    measurement: seen(15),
    status: 'OPEN',
    decision: { action: NONE, state: FIRES, changes: false },
  },
  {
    name: 'a pending group is remembered',
    policy: { ...GROUPED, forMs: MINUTE },
    measurement: seen(11),
    decision: { action: NONE, state: { ...WELL, warningSince: NOW }, changes: true },
  },
  {
    name: 'a group that recovers is forgotten',
    policy: GROUPED,
    before: FIRES,
    measurement: seen(1),
    status: 'OPEN',
    decision: { action: RESOLVE, state: null, changes: true },
  },
  {
    name: 'a group that is gone recovers',
    policy: GROUPED,
    before: FIRES,
    measurement: gone(null),
    status: 'OPEN',
    decision: { action: RESOLVE, state: null, changes: true },
  },
  {
    name: 'silence fires',
    policy: WATCHFUL,
    before: WELL,
    measurement: gone(null),
    decision: {
      action: raise('WARNING', null),
      state: { ...WELL, warningSince: NOW, absentSince: NOW, firing: fired('WARNING') },
      changes: true,
    },
  },
  {
    name: 'a count of nothing is a number, and the group gone all the same',
    policy: { ...GROUPED, comparator: 'LT', warning: 1, critical: null, remembersWell: true },
    before: WELL,
    measurement: gone(0),
    decision: {
      action: raise('WARNING', 1),
      state: { ...WELL, warningSince: NOW, absentSince: NOW, firing: fired('WARNING') },
      changes: true,
    },
  },
  {
    name: 'such a group that stays away is written once',
    policy: { ...GROUPED, comparator: 'LT', warning: 1, critical: null, remembersWell: true },
    before: goneFor(MINUTE, FIRES),
    measurement: gone(0),
    status: 'OPEN',
    decision: { action: NONE, state: goneFor(MINUTE, FIRES), changes: false },
  },
  {
    name: 'such a group is not gone since a time to come when the clock was set back',
    policy: { ...GROUPED, comparator: 'LT', warning: 1, critical: null, remembersWell: true },
    before: goneFor(-MINUTE, FIRES),
    measurement: gone(0),
    status: 'OPEN',
    decision: { action: NONE, state: goneFor(0, FIRES), changes: true },
  },
  {
    name: 'a group that is back is not gone',
    policy: WATCHFUL,
    before: goneFor(MINUTE),
    measurement: seen(1),
    decision: { action: NONE, state: WELL, changes: true },
  },
  {
    name: 'a group is remembered until the last millisecond of seven days',
    policy: { ...WATCHFUL, absent: 'KEEP' },
    before: goneFor(7 * DAY - 1, FIRES),
    measurement: gone(null),
    status: 'OPEN',
    decision: { action: NONE, state: goneFor(7 * DAY - 1, FIRES), changes: false },
  },
  {
    name: 'a group that is gone for seven days is forgotten, and its alert ended',
    policy: { ...WATCHFUL, absent: 'KEEP' },
    before: goneFor(7 * DAY, FIRES),
    measurement: gone(null),
    status: 'ACKNOWLEDGED',
    decision: { action: RESOLVE, state: null, changes: true },
  },
  {
    name: 'a group that has too few events for long is there all the same',
    policy: WATCHFUL,
    before: goneFor(8 * DAY, FIRES),
    measurement: seen(null),
    status: 'OPEN',
    decision: { action: NONE, state: goneFor(8 * DAY, FIRES), changes: false },
  },
  {
    name: 'a count of nothing for seven days is forgotten',
    policy: { ...WATCHFUL, comparator: 'LT', warning: 1, critical: null },
    before: goneFor(7 * DAY, FIRES),
    measurement: gone(0),
    status: 'RESOLVED',
    decision: { action: NONE, state: null, changes: true },
  },
  {
    name: 'the one group of a rule without groups is never forgotten',
    policy: { ...ALONE, absent: 'WARNING' },
    before: goneFor(30 * DAY, FIRES),
    measurement: gone(null),
    status: 'OPEN',
    decision: { action: NONE, state: goneFor(30 * DAY, FIRES), changes: false },
  },
  {
    name: 'an alert that was resolved by hand is forgotten when its group is well',
    policy: GROUPED,
    before: FIRES,
    measurement: seen(1),
    status: 'RESOLVED',
    decision: { action: NONE, state: null, changes: true },
  },
])('$name', ({ policy, before = null, measurement, status = null, decision }) => {
  expect(decideGroup(policy, { before, measurement, alertStatus: status, now: NOW })).toEqual(decision);
});
