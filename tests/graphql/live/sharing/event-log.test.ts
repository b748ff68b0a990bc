import { expect, it } from 'vitest';
import { createEventLog } from '../../../../src/graphql/live/sharing/event-log.ts';

const TENTH = 1024 * 102;

/** The results of these lengths that are kept for a reader that has taken none. */
function keptOf(lengths: readonly number[]): number[] {
  const log = createEventLog<number>(100);
  const [fast, slow] = [
    { position: 0, missed: 0 },
    { position: 0, missed: 0 },
  ];
  for (const length of lengths) {
    log.add(length, 2);
    const entry = log.take(fast);
    if (log.keeps(entry)) log.remember(entry, { data: { text: 'a'.repeat(length) } });
  }
  const entries = lengths.map(() => log.take(slow));
  return entries.filter(({ result }) => result !== null).map(({ number }) => number);
}

it.each([
  ['the newest 64', Array.from({ length: 70 }, () => 1), 6],
  ['the newest ones with up to a million characters in total', Array.from({ length: 30 }, () => TENTH), 20],
  ['only the newest one if it is longer than that', [1, 1, 20 * TENTH], 2],
])('the results kept for slow members are %s', (_, lengths, first) => {
  expect(keptOf(lengths)).toEqual(lengths.map((__, index) => index).slice(first));
});
