import { describe, test } from 'vitest';
import {
  ago,
  BAD_5_MIN,
  BOTH_5_MIN,
  CRITICAL,
  check,
  fired,
  firing,
  MINUTE,
  NOW,
  type Row,
  raise,
  WARNED,
} from './support/transition-row.ts';

const SINCE_NOW = { warningSince: NOW, criticalSince: NOW };

describe('a group', () => {
  test.each<Row>([
    { name: 'stays well', value: 10, becomes: {}, action: 'NONE' },
    {
      name: 'fires at once without `for`',
      value: 11,
      becomes: { warningSince: NOW, firing: fired('WARNING') },
      action: raise('WARNING', 10),
    },
    {
      name: 'fires critically at once',
      value: 21,
      becomes: { ...SINCE_NOW, firing: fired('CRITICAL') },
      action: raise('CRITICAL', 20),
    },
    {
      name: 'stays in alarm',
      state: WARNED,
      value: 12,
      alertStatus: 'OPEN',
      becomes: WARNED,
      action: 'NONE',
    },
    { name: 'recovers', state: WARNED, value: 10, alertStatus: 'OPEN', becomes: {}, action: 'RESOLVE' },
    {
      name: 'recovers though somebody took the alert',
      state: WARNED,
      value: 0,
      alertStatus: 'ACKNOWLEDGED',
      becomes: {},
      action: 'RESOLVE',
    },
    {
      name: 'escalates',
      state: WARNED,
      value: 21,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, criticalSince: NOW, firing: fired('CRITICAL') },
      action: { kind: 'ESCALATE', severity: 'CRITICAL', threshold: 20 },
    },
    {
      name: 'escalates though somebody took the milder alert',
      state: WARNED,
      value: 21,
      alertStatus: 'ACKNOWLEDGED',
      becomes: { ...BAD_5_MIN, criticalSince: NOW, firing: fired('CRITICAL') },
      action: { kind: 'ESCALATE', severity: 'CRITICAL', threshold: 20 },
    },
    {
      name: 'stays critical when it gets better but not well',
      state: CRITICAL,
      value: 15,
      alertStatus: 'OPEN',
      becomes: { ...CRITICAL, criticalSince: null },
      action: 'NONE',
    },
    {
      name: 'raises nothing when it gets worse again',
      state: { ...CRITICAL, criticalSince: null },
      value: 25,
      alertStatus: 'OPEN',
      becomes: { ...CRITICAL, criticalSince: NOW },
      action: 'NONE',
    },
  ])('$name', check);
});

describe('with `for`', () => {
  const policy = { forMs: 5 * MINUTE };
  test.each<Row>([
    { name: 'waits', policy, value: 11, becomes: { warningSince: NOW }, action: 'NONE' },
    {
      name: 'waits until the last millisecond',
      policy,
      state: { warningSince: ago(5 * MINUTE - 1) },
      value: 11,
      becomes: { warningSince: ago(5 * MINUTE - 1) },
      action: 'NONE',
    },
    {
      name: 'fires when it held',
      policy,
      state: BAD_5_MIN,
      value: 11,
      becomes: { ...BAD_5_MIN, firing: fired('WARNING') },
      action: raise('WARNING', 10),
    },
    { name: 'is broken by one good value', policy, state: BAD_5_MIN, value: 10, becomes: {}, action: 'NONE' },
    {
      name: 'counts a worse number for the milder threshold, and waits for the worse one',
      policy,
      state: BAD_5_MIN,
      value: 21,
      becomes: { ...BAD_5_MIN, criticalSince: NOW, firing: fired('WARNING') },
      action: raise('WARNING', 10),
    },
    {
      name: 'escalates when the worse one held',
      policy,
      state: { ...WARNED, criticalSince: ago(5 * MINUTE) },
      value: 21,
      alertStatus: 'OPEN',
      becomes: { ...WARNED, criticalSince: ago(5 * MINUTE), firing: fired('CRITICAL') },
      action: { kind: 'ESCALATE', severity: 'CRITICAL', threshold: 20 },
    },
    {
      name: 'begins anew for the worse one when it was broken',
      policy,
      state: { ...WARNED, criticalSince: ago(4 * MINUTE) },
      value: 20,
      alertStatus: 'OPEN',
      becomes: WARNED,
      action: 'NONE',
    },
    {
      name: 'fires critically when both held',
      policy,
      state: BOTH_5_MIN,
      value: 21,
      becomes: { ...BOTH_5_MIN, firing: fired('CRITICAL') },
      action: raise('CRITICAL', 20),
    },
    {
      name: 'waits no longer than that when the clock was set back',
      policy,
      state: { warningSince: NOW + MINUTE },
      value: 11,
      becomes: { warningSince: NOW },
      action: 'NONE',
    },
  ])('$name', check);
});

describe('without data', () => {
  const absentSince = NOW;
  test.each<Row>([
    {
      name: 'OK: recovers',
      state: WARNED,
      value: null,
      alertStatus: 'OPEN',
      becomes: { absentSince },
      action: 'RESOLVE',
    },
    {
      name: 'OK: breaks `for`',
      policy: { forMs: 10 * MINUTE },
      state: BAD_5_MIN,
      value: null,
      becomes: { absentSince },
      action: 'NONE',
    },
    {
      name: 'KEEP: stays in alarm',
      policy: { absent: 'KEEP' },
      state: WARNED,
      value: null,
      alertStatus: 'OPEN',
      becomes: { ...WARNED, absentSince },
      action: 'NONE',
    },
    {
      name: 'KEEP: raises nothing',
      policy: { absent: 'KEEP', forMs: 5 * MINUTE },
      state: BAD_5_MIN,
      value: null,
      becomes: { ...BAD_5_MIN, absentSince },
      action: 'NONE',
    },
    {
      name: 'KEEP: reminds of what is open',
      policy: { absent: 'KEEP', renotifyMs: MINUTE },
      state: WARNED,
      value: null,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, absentSince, firing: firing('WARNING', 5 * MINUTE, 0) },
      action: 'REMIND',
    },
    {
      name: 'KEEP: raises nothing anew that was resolved by hand',
      policy: { absent: 'KEEP', renotifyMs: MINUTE },
      state: WARNED,
      value: null,
      alertStatus: 'RESOLVED',
      becomes: { ...WARNED, absentSince },
      action: 'NONE',
    },
    {
      name: 'WARNING: fires, without a threshold',
      policy: { absent: 'WARNING' },
      value: null,
      becomes: { warningSince: NOW, absentSince, firing: fired('WARNING') },
      action: raise('WARNING', null),
    },
    {
      name: 'CRITICAL: fires when it held',
      policy: { absent: 'CRITICAL', forMs: 5 * MINUTE },
      state: { ...BOTH_5_MIN, absentSince: ago(5 * MINUTE) },
      value: null,
      becomes: { ...BOTH_5_MIN, absentSince: ago(5 * MINUTE), firing: fired('CRITICAL') },
      action: raise('CRITICAL', null),
    },
    {
      name: 'knows since when',
      state: { absentSince: ago(MINUTE) },
      value: null,
      becomes: { absentSince: ago(MINUTE) },
      action: 'NONE',
    },
    {
      name: 'forgets it when data is back',
      state: { absentSince: ago(MINUTE) },
      value: 1,
      becomes: {},
      action: 'NONE',
    },
    {
      name: 'WARNING without a threshold of it: a bad number after absence names the threshold that it passed',
      policy: { absent: 'WARNING', warning: null, forMs: 5 * MINUTE },
      state: { ...BAD_5_MIN, absentSince: ago(5 * MINUTE) },
      value: 21,
      becomes: { ...BAD_5_MIN, criticalSince: NOW, firing: fired('WARNING') },
      action: raise('WARNING', 20),
    },
  ])('$name', check);
});
