import { describe, expect, it } from 'vitest';
import { showBytes, showCount, showSpan } from '../../../src/commands/doctor/amounts.ts';
import { type ArrivalFacts, assessArrivals } from '../../../src/commands/doctor/arrivals.ts';
import { assessBackups } from '../../../src/commands/doctor/backups.ts';
import { assessClock } from '../../../src/commands/doctor/clock.ts';
import { assessColumns } from '../../../src/commands/doctor/columns.ts';
import type { Verdict } from '../../../src/commands/doctor/finding.ts';
import { assessKeys } from '../../../src/commands/doctor/keys.ts';
import { assessLoad, type LoadFacts, readLoad } from '../../../src/commands/doctor/queue.ts';
import { type Case, DAY, expectVerdict, MINUTE, NOW } from './support/verdicts.ts';

describe('the doctor on the clock', () => {
  const good = { now: NOW, newestReceivedAt: NOW - MINUTE, serverNow: NOW + 500 };

  it.each<Case<{ now: number; newestReceivedAt: number | null; serverNow: number | null }>>([
    ['ok', '2026-11-30T12:00:00.000Z, and agrees with the newest event and the clock of PostgreSQL.', {}],
    ['ok', 'The clock says 2026-11-30T12:00:00.000Z.', { newestReceivedAt: null, serverNow: null }],
    ['wrong', 'The clock of this machine says 1970-01-01', { now: 0 }],
    ['warning', 'received 30 seconds in the future', { newestReceivedAt: NOW + 30_000 }],
    ['wrong', 'received 2 minutes in the future', { newestReceivedAt: NOW + 2 * MINUTE }],
    ['warning', '5 seconds behind that of PostgreSQL', { serverNow: NOW + 5000 }],
    ['wrong', '1.5 hours ahead of that of PostgreSQL', { serverNow: NOW - 90 * MINUTE }],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessClock({ ...good, ...facts }), verdict, text);
  });
});

describe('the doctor on keys', () => {
  const forever = { label: 'checkout', expiresAt: null };
  const until = (label: string, days: number) => ({ label, expiresAt: NOW + days * DAY });
  const good = { now: NOW, host: '127.0.0.1', authDisabled: false, keys: [forever] };

  it.each<Case<Parameters<typeof assessKeys>[0]>>([
    ['ok', '1 API key may be used.', {}],
    ['ok', 'There is no API key: the server answers only this machine.', { keys: [] }],
    ['wrong', 'HOST=0.0.0.0 is open to other machines, but no API key works', { host: '0.0.0.0', keys: [] }],
    [
      'wrong',
      'HOST=0.0.0.0 is open to other machines, but no API key works',
      { host: '0.0.0.0', keys: [until('a', -1)] },
    ],
    ['wrong', 'All API keys have expired', { keys: [until('a', -1)] }],
    ['ok', '1 key expired before.', { keys: [forever, until('a', -1)] }],
    ['warning', 'The key a expires in 2 days.', { keys: [until('a', 2), until('b', 60)] }],
    ['warning', 'AUTH=disabled: anyone on this machine', { authDisabled: true }],
    ['warning', 'AUTH=disabled at HOST=::: anyone who reaches it', { authDisabled: true, host: '::' }],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessKeys({ ...good, ...facts }), verdict, text);
  });
});

describe('the doctor on backups', () => {
  const backup = { path: '/b/1', createdAt: NOW - DAY, bytes: 2048, state: 'VERIFIED' as const };
  const good = { now: NOW, hasEvents: true, dialect: 'sqlite' as const, backups: [backup] };

  it.each<Case<Parameters<typeof assessBackups>[0]>>([
    ['ok', 'The newest of 1 backup is 1 day old, 2 KiB: /b/1.', {}],
    ['warning', 'There is no backup. → Run telltale backup', { backups: [] }],
    ['ok', 'nothing has been recorded yet', { backups: [], hasEvents: false }],
    ['warning', 'no backup. Backups that other tools made', { backups: [], dialect: 'postgresql' }],
    ['wrong', '/b/1, has a different size', { backups: [{ ...backup, state: 'DAMAGED' }] }],
    ['warning', 'is 8 days old.', { now: NOW + 7 * DAY }],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessBackups({ ...good, ...facts }), verdict, text);
  });
});

describe('the doctor on the columnar copy', () => {
  const good = {
    ...{ file: '/d/a.duckdb', fromEvents: 50_000, isServed: true, newestReceivedAt: NOW },
    found: { bytes: 1024, writtenAt: NOW - MINUTE },
  };

  it.each<Case<Parameters<typeof assessColumns>[0]>>([
    ['ok', '/d/a.duckdb takes 1 KiB and has the newest events.', {}],
    ['ok', 'has the newest events', { newestReceivedAt: null }],
    ['ok', 'COLUMN_STORE=off', { fromEvents: null }],
    ['ok', 'the server creates it from 50,000 events on', { found: null }],
    ['ok', 'the server creates it at the next start', { found: null, fromEvents: 0 }],
    [
      'ok',
      'the next start copies the last 20 minutes',
      { newestReceivedAt: NOW + 19 * MINUTE, isServed: false },
    ],
    ['warning', 'is 20 minutes behind', { newestReceivedAt: NOW + 19 * MINUTE }],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessColumns({ ...good, ...facts }), verdict, text);
  });
});

describe('the doctor on the queue', () => {
  it.each<readonly [Verdict, string, LoadFacts]>([
    ['ok', 'The write queue is 12 % full.', { kind: 'load', share: 0.12, delayMs: 20 }],
    ['warning', 'The write queue is 50 % full.', { kind: 'load', share: 0.5, delayMs: 20 }],
    ['warning', 'The server answers 900 ms late', { kind: 'load', share: 0, delayMs: 900 }],
    ['ok', 'cannot be read: No key. Set TELLTALE_API_KEY', readLoad({ errors: [{ message: 'No key.' }] })],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessLoad(facts), verdict, text);
  });

  it('says nothing without a server', () => {
    expect(assessLoad(null)).toEqual([]);
  });
});

describe('the doctor on the events that arrived', () => {
  const arrival = {
    project: 'shop',
    dataset: 'llmCalls',
    service: 'checkout',
    events: 1200,
    newestReceivedAt: NOW - 5000,
  };
  const good: ArrivalFacts = { now: NOW, arrivals: [arrival], isCut: false, newest: NOW - 5000 };

  it.each<Case<ArrivalFacts>>([
    ['ok', '1,200 events arrived in the last hour.', {}],
    ['ok', 'At least 1,200 events', { isCut: true }],
    [
      'warning',
      'No event arrived in the last hour; the newest one is 3 days old.',
      { arrivals: [], newest: NOW - 3 * DAY },
    ],
    ['warning', 'Nothing has been recorded yet.', { arrivals: [], newest: null }],
  ])('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessArrivals({ ...good, ...facts }), verdict, text);
  });

  it('lists the services that sent most, up to a limit', () => {
    const many = Array.from({ length: 25 }, (_, events) => ({ ...arrival, service: null, events }));
    const [finding] = assessArrivals({ ...good, arrivals: [...many, arrival] });
    expect(finding?.details).toHaveLength(21);
    expect(finding?.details[0]).toBe('llmCalls of checkout in shop: 1,200 events, the newest 5 seconds ago');
    expect(finding?.details[1]).toContain('llmCalls of no service in shop: 24 events');
    expect(finding?.details.at(-1)).toBe('and 6 more lines');
  });
});

describe('amounts', () => {
  it('are easy to read', () => {
    expect([0, 1023, 1536, 20 * 1024 ** 2, 5 * 1024 ** 4].map(showBytes)).toEqual([
      '0 bytes',
      '1,023 bytes',
      '1.5 KiB',
      '20 MiB',
      '5 TiB',
    ]);
    expect([0, 1000, 90_000, 5_400_000, DAY].map(showSpan)).toEqual([
      '0 seconds',
      '1 second',
      '1.5 minutes',
      '1.5 hours',
      '1 day',
    ]);
    expect([1, 2000].map((count) => showCount(count, 'event'))).toEqual(['1 event', '2,000 events']);
  });
});
