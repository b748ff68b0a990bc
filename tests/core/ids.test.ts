import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource, derivedId, isUuid, normalizeUuid } from '../../src/core/ids.ts';
import { createTestClock } from '../support/test-clock.ts';

const START = 0x0198_1234_5678;

function takeIds(source: { next(): string }, count: number): string[] {
  return Array.from({ length: count }, () => source.next());
}

describe('createIdSource', () => {
  it('lays out time, version, counter, variant and random bits as RFC 9562 specifies', () => {
    const bytes = (size: number) => new Uint8Array(size).fill(0xff);
    const source = createIdSource(createTestClock(START), bytes);
    expect(source.next()).toBe('01981234-5678-77ff-bfff-ffffffffffff');
    expect(source.next()).toBe('01981234-5678-7800-bfff-ffffffffffff');
  });

  it('ascends over every millisecond, clock step and counter overflow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 1, max: 3000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (steps) => {
          const clock = createTestClock(START);
          const source = createIdSource(clock);
          const ids = steps.flatMap(([step, count]) => {
            clock.advance(step);
            return takeIds(source, count);
          });
          expect(ids.findIndex((id, index) => index > 0 && id <= (ids[index - 1] as string))).toBe(-1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('borrows the next millisecond when the counter runs over', () => {
    const ids = takeIds(createIdSource(createTestClock(START)), 4097);
    expect(ids[0]?.startsWith('01981234-5678-7')).toBe(true);
    expect(ids.at(-1)?.startsWith('01981234-5679-7')).toBe(true);
    expect(ids.every(isUuid)).toBe(true);
  });

  it('gives two sources with the same clock different ids', () => {
    const clock = createTestClock(START);
    const both = [...takeIds(createIdSource(clock), 2000), ...takeIds(createIdSource(clock), 2000)];
    expect(new Set(both).size).toBe(4000);
  });

  it('uses fresh random bytes for every id', () => {
    const ids = takeIds(createIdSource(createTestClock(START)), 5000);
    expect(new Set(ids.map((id) => id.slice(19))).size).toBe(5000);
  });
});

describe('isUuid', () => {
  it.each([
    ['01981234-5678-77ff-bfff-ffffffffffff', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['C232AB00-9414-11EC-B3C8-9F6BDECED846', true],
    ['', false],
    ['019812345678-77ff-bfff-ffffffffffff-', false],
    ['0198123456787-7ff-bfff-fffffffffffff', false],
    ['01981234567877ffbfffffffffffffff', false],
    ['{01981234-5678-77ff-bfff-ffffffffffff}', false],
    ['01981234-5678-77ff-bfff-fffffffffffg', false],
    ['01981234-5678-77ff-bfff-ffffffffffff\n', false],
  ])('%j: %s', (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });

  it('has a single stored form', () => {
    expect(normalizeUuid('C232AB00-9414-11EC-B3C8-9F6BDECED846')).toBe(
      'c232ab00-9414-11ec-b3c8-9f6bdeced846',
    );
  });
});

describe('derivedId', () => {
  it('is the SHA-256 of the triple with version 8 and the variant set', () => {
    const digest = createHash('sha256').update('["default","requestLogs","req-1"]').digest();
    digest[6] = ((digest[6] as number) & 0x0f) | 0x80;
    digest[8] = ((digest[8] as number) & 0x3f) | 0x80;
    const id = derivedId('default', 'requestLogs', 'req-1');
    expect(id.replaceAll('-', '')).toBe(digest.subarray(0, 16).toString('hex'));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('gives equal triples equal ids and different triples different ids', () => {
    const part = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (a, b) => {
        expect(derivedId(...a)).toBe(derivedId(...(a.slice() as typeof a)));
        const same = a.every((text, index) => text === b[index]);
        expect(derivedId(...a) === derivedId(...b)).toBe(same);
      }),
    );
    expect(derivedId('a', 'bc', 'd')).not.toBe(derivedId('ab', 'c', 'd'));
    expect(derivedId('a', '","', 'd')).not.toBe(derivedId('a","', '', 'd'));
  });
});
