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
} from './support/transition-row.ts';

describe('a policy that eases', () => {
  const policy = { eases: true };
  const ease = { kind: 'EASE', severity: 'WARNING', threshold: 10 } as const;
  test.each<Row>([
    {
      name: 'puts a milder alert in place of the one that got better but not well',
      policy,
      state: CRITICAL,
      value: 15,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, firing: fired('WARNING') },
      action: ease,
    },
    {
      name: 'does so though somebody took the alert',
      policy,
      state: CRITICAL,
      value: 15,
      alertStatus: 'ACKNOWLEDGED',
      becomes: { ...BAD_5_MIN, firing: fired('WARNING') },
      action: ease,
    },
    {
      name: 'raises nothing in place of one that was resolved by hand, and remembers how it is',
      policy,
      state: CRITICAL,
      value: 15,
      alertStatus: 'RESOLVED',
      becomes: { ...BAD_5_MIN, firing: firing('WARNING', 5 * MINUTE) },
      action: 'NONE',
    },
    {
      name: 'recovers',
      policy,
      state: CRITICAL,
      value: 1,
      alertStatus: 'OPEN',
      becomes: {},
      action: 'RESOLVE',
    },
    {
      name: 'stays in alarm',
      policy,
      state: CRITICAL,
      value: 21,
      alertStatus: 'OPEN',
      becomes: CRITICAL,
      action: 'NONE',
    },
    {
      name: 'waits until the milder level held',
      policy: { ...policy, forMs: MINUTE },
      state: { warningSince: NOW + MINUTE, criticalSince: NOW + MINUTE, firing: firing('CRITICAL', 0) },
      value: 15,
      alertStatus: 'OPEN',
      becomes: { warningSince: NOW, firing: firing('CRITICAL', 0) },
      action: 'NONE',
    },
    {
      name: 'stays critical while the level is, though it has not held since the clock was set back',
      policy: { ...policy, forMs: MINUTE },
      state: { ...BAD_5_MIN, criticalSince: NOW + MINUTE, firing: firing('CRITICAL', 0) },
      value: 25,
      alertStatus: 'OPEN',
      becomes: { ...BAD_5_MIN, criticalSince: NOW, firing: firing('CRITICAL', 0) },
      action: 'NONE',
    },
  ])('$name', check);
});
