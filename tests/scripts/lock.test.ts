import { expect, it } from 'vitest';
import { isGone } from '../../scripts/prepare/lock.mjs';

const NOW = Date.parse('2026-11-29T09:00:00Z');
const here = { pid: 7, host: 'here', now: NOW, isAlive: (pid: number) => pid === 8 };
const owner = { pid: 8, host: 'here', seenAt: NOW - 1_000 };

it.each([
  ['a running process', owner, false],
  ['a process that has ended', { ...owner, pid: 9 }, true],
  ['an earlier process with our number, as in a restarted container', { ...owner, pid: 7 }, true],
  ['a process with our number in another container', { ...owner, pid: 7, host: 'there' }, false],
  [
    'a process of another container that shows that it is running',
    { ...owner, pid: 9, host: 'there' },
    false,
  ],
  ['a container that no longer exists', { ...owner, host: 'there', seenAt: NOW - 31_000 }, true],
  ['a number that another program now has', { ...owner, seenAt: NOW - 31_000 }, true],
])('the lock of %s', (_, of, expected) => {
  expect(isGone(of, here)).toBe(expected);
});
