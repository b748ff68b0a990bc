import { describe, expect, test } from 'vitest';
import { createLag } from '../../src/storage/dialect/postgresql/lag.ts';
import { endOfRecords, readPosition, writePosition } from '../../src/storage/dialect/postgresql/positions.ts';

describe('the lag of a replica', () => {
  test('is the time since the primary was at the position of the replica', () => {
    const lag = createLag();
    lag.sample(1_000, 10n);
    expect(lag.behindMs(1_100), 'nobody knows where it is').toBeNull();
    lag.reached(9n);
    expect(lag.behindMs(1_100), 'it lacks what was there at first').toBeNull();
    lag.reached(10n);
    expect(lag.behindMs(1_100)).toBe(100);
    lag.sample(2_000, 20n);
    lag.sample(3_000, 30n);
    lag.reached(25n);
    expect(lag.behindMs(3_100)).toBe(1_100);
    lag.reached(26n);
    expect(lag.behindMs(3_200)).toBe(1_200);
    lag.reached(30n);
    expect(lag.behindMs(3_300)).toBe(300);
  });

  test('does not grow while the primary has nothing to do', () => {
    const lag = createLag();
    for (let at = 0; at <= 3_600_000; at += 500) {
      lag.sample(at, 10n);
      lag.reached(10n);
    }
    expect(lag.behindMs(3_600_100)).toBe(100);
  });

  test('is known to the second after a long absence, and unknown during it', () => {
    const lag = createLag();
    lag.sample(0, 0n);
    lag.reached(0n);
    lag.forget();
    for (let at = 500; at <= 3_600_000; at += 500) lag.sample(at, BigInt(at));
    expect(lag.behindMs(3_600_000)).toBeNull();
    lag.reached(3_599_200n);
    expect(lag.behindMs(3_600_000)).toBe(1_000);
  });
});

test('positions can be read and written, and none is within the header of a page', () => {
  expect(readPosition('16/B374D848')).toBe(0x16_b374_d848n);
  expect(writePosition(0x16_0000_0018n)).toBe('16/18');
  expect(['', '16', '16/', 'x/1', '1/123456789'].map(readPosition)).toEqual([null, null, null, null, null]);
  expect([0x2018n, 0x2028n, 0x2030n, 0x2000n].map(endOfRecords)).toEqual([
    0x2000n,
    0x2000n,
    0x2030n,
    0x2000n,
  ]);
});
