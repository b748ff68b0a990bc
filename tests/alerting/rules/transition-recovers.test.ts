import { describe, test } from 'vitest';
import { ago, CRITICAL, check, fired, firing, MINUTE, NOW, type Row } from './support/transition-row.ts';

describe('a rule that takes three minutes to recover', () => {
  const policy = { recoverMs: 3 * MINUTE };
  const fires = firing('WARNING', 5 * MINUTE);
  const wellFor = (minutes: number) => ({ wellSince: ago(minutes * MINUTE), firing: fires });
  test.each<Row>([
    {
      name: 'begins to when it is well',
      policy,
      state: { warningSince: ago(5 * MINUTE), firing: fires },
      value: 1,
      alertStatus: 'OPEN',
      becomes: { wellSince: NOW, firing: fires },
      action: 'NONE',
    },
    {
      name: 'has not yet',
      policy,
      state: wellFor(2),
      value: 1,
      alertStatus: 'ACKNOWLEDGED',
      becomes: wellFor(2),
      action: 'NONE',
    },
    {
      name: 'has',
      policy,
      state: wellFor(3),
      value: 1,
      alertStatus: 'OPEN',
      becomes: {},
      action: 'RESOLVE',
    },
    {
      name: 'has where there is nothing to measure and that is well',
      policy,
      state: { ...wellFor(3), absentSince: ago(3 * MINUTE) },
      value: null,
      alertStatus: 'OPEN',
      becomes: { absentSince: ago(3 * MINUTE) },
      action: 'RESOLVE',
    },
    {
      name: 'continues with the same alert when it is bad again',
      policy,
      state: wellFor(2),
      value: 12,
      alertStatus: 'OPEN',
      becomes: { warningSince: NOW, firing: fires },
      action: 'NONE',
    },
    {
      name: 'escalates when it is worse then',
      policy,
      state: wellFor(2),
      value: 21,
      alertStatus: 'OPEN',
      becomes: { warningSince: NOW, criticalSince: NOW, firing: fired('CRITICAL') },
      action: { kind: 'ESCALATE', severity: 'CRITICAL', threshold: 20 },
    },
    {
      name: 'forgets an alert that was resolved by hand as soon as it is well',
      policy,
      state: CRITICAL,
      value: 1,
      alertStatus: 'RESOLVED',
      becomes: {},
      action: 'NONE',
    },
    {
      name: 'reminds of the alert meanwhile',
      policy: { ...policy, renotifyMs: 5 * MINUTE },
      state: wellFor(1),
      value: 1,
      alertStatus: 'OPEN',
      becomes: { wellSince: ago(MINUTE), firing: firing('WARNING', 5 * MINUTE, 0) },
      action: 'REMIND',
    },
    {
      name: 'waits no longer when the clock was set back',
      policy,
      state: { wellSince: NOW + MINUTE, firing: fires },
      value: 1,
      alertStatus: 'OPEN',
      becomes: { wellSince: NOW, firing: fires },
      action: 'NONE',
    },
  ])('$name', check);
});
