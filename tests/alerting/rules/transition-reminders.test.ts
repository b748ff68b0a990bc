import { describe, test } from 'vitest';
import {
  BAD_5_MIN,
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

describe('reminders', () => {
  const policy = { renotifyMs: 5 * MINUTE };
  test.each<Row>([
    {
      name: 'come when they are due',
      policy,
      state: WARNED,
      value: 11,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE, 0) },
      action: 'REMIND',
    },
    {
      name: 'not before',
      policy,
      state: { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE, 4 * MINUTE) },
      value: 11,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE, 4 * MINUTE) },
      action: 'NONE',
    },
    {
      name: 'do not come when somebody took the alert',
      policy,
      state: WARNED,
      value: 11,
      alertStatus: 'ACKNOWLEDGED',
      becomes: WARNED,
      action: 'NONE',
    },
    {
      name: 'do not come when it recovers in the same evaluation',
      policy,
      state: WARNED,
      value: 1,
      alertStatus: 'OPEN',
      becomes: {},
      action: 'RESOLVE',
    },
    {
      name: 'come no later than the rule says when the clock was set back',
      policy,
      state: { ...BAD_5_MIN, firing: firing('WARNING', -60 * MINUTE) },
      value: 11,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, firing: firing('WARNING', 0) },
      action: 'NONE',
    },
    {
      name: 'come while a group is critical no more, but not well',
      policy,
      state: CRITICAL,
      value: 11,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, firing: firing('CRITICAL', 5 * MINUTE, 0) },
      action: 'REMIND',
    },
  ])('$name', check);
});

describe('resolved by hand', () => {
  const alertStatus = 'RESOLVED';
  test.each<Row>([
    { name: 'stays so', state: WARNED, value: 11, alertStatus, becomes: WARNED, action: 'NONE' },
    { name: 'recovers silently', state: WARNED, value: 1, alertStatus, becomes: {}, action: 'NONE' },
    {
      name: 'is raised anew when it gets worse',
      state: WARNED,
      value: 21,
      alertStatus,
      becomes: { ...BAD_5_MIN, criticalSince: NOW, firing: fired('CRITICAL') },
      action: raise('CRITICAL', 20),
    },
    {
      name: 'is raised anew when a reminder is due',
      policy: { renotifyMs: 5 * MINUTE },
      state: WARNED,
      value: 11,
      alertStatus,
      becomes: { ...BAD_5_MIN, firing: fired('WARNING') },
      action: raise('WARNING', 10),
    },
    {
      name: 'is raised anew with the severity of now',
      policy: { renotifyMs: 5 * MINUTE },
      state: CRITICAL,
      value: 11,
      alertStatus,
      becomes: { ...BAD_5_MIN, firing: fired('WARNING') },
      action: raise('WARNING', 10),
    },
    {
      name: 'follows the level down',
      state: CRITICAL,
      value: 11,
      alertStatus,
      becomes: { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE) },
      action: 'NONE',
    },
    {
      name: 'follows it down at once, with `for` too',
      policy: { forMs: 10 * MINUTE },
      state: CRITICAL,
      value: 11,
      alertStatus,
      becomes: { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE) },
      action: 'NONE',
    },
    {
      name: 'is raised anew when it rises after it had followed the level down',
      state: { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE) },
      value: 3000,
      alertStatus,
      becomes: { ...BAD_5_MIN, criticalSince: NOW, firing: fired('CRITICAL') },
      action: raise('CRITICAL', 20),
    },
    {
      name: 'does not follow it up',
      state: CRITICAL,
      value: 25,
      alertStatus,
      becomes: CRITICAL,
      action: 'NONE',
    },
    {
      name: 'an alert that is gone counts as resolved',
      state: WARNED,
      value: 1,
      alertStatus: null,
      becomes: {},
      action: 'NONE',
    },
  ])('$name', check);
});
