import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AvailableFrom, coverBuckets } from '../../src/analytics/cover.ts';
import { fitBoundaries } from '../../src/analytics/fit.ts';
import { boundaryLists, grainLists } from './support/boundaries.ts';
import { DAY, HOUR, MINUTE } from './support/plan-specs.ts';

/**
 * Horizons are midnights. The cells of a set that was added later begin where its rows did, so the
 * horizons can be in any order.
 */
const horizon = (from: number, to: number) => {
  const midnights = { min: Math.floor(from / DAY) - 2, max: Math.ceil(to / DAY) + 2 };
  return fc.oneof(
    fc.constant(Number.NEGATIVE_INFINITY),
    fc.integer(midnights).map((days) => days * DAY),
  );
};

const questions = fc.tuple(boundaryLists, grainLists).chain(([asked, grains]) => {
  const [from, to] = [asked[0] as number, asked.at(-1) as number];
  const one = horizon(from, to);
  return fc.record({
    asked: fc.constant(asked),
    grains: fc.constant(grains),
    available: fc.record({ RAW: one, MINUTE: one, HOUR: one, DAY: one }),
  });
});

const WIDTHS = { RAW: 1, MINUTE, HOUR, DAY } as const;

/** The time from which anything is kept. */
const keptFrom = (grains: readonly (keyof AvailableFrom)[], available: AvailableFrom): number =>
  Math.min(available.RAW, ...grains.map((grain) => available[grain]));

describe('fitBoundaries', () => {
  it('cuts the range so that what is kept covers every bucket exactly', () => {
    fc.assert(
      fc.property(questions, ({ asked, grains, available }) => {
        const cuts = fitBoundaries(asked, grains, available).cuts.map(({ instant }) => instant);
        expect(cuts.length).toBeGreaterThanOrEqual(2);
        const { segments, expired } = coverBuckets(cuts, grains, available);
        expect(expired).toBeNull();
        const span = segments
          .flatMap(({ ranges }) => ranges)
          .reduce((sum, { from, to }) => sum + to - from, 0);
        expect(span).toBe((cuts.at(-1) as number) - (cuts[0] as number));
      }),
      { numRuns: 500 },
    );
  });

  it('moves each boundary by at most half a cell, and omits only what no cell or row holds', () => {
    fc.assert(
      fc.property(questions, ({ asked, grains, available }) => {
        const { cuts, missing, moved } = fitBoundaries(asked, grains, available);
        const [from, to] = [asked[0] as number, asked.at(-1) as number];
        const since = keptFrom(grains, available);
        expect(missing).toEqual(from < since ? { from, to: Math.min(to, since) } : null);
        const vanished = cuts.length === 2 && cuts.every(({ position }) => position === null);
        for (const boundary of moved) {
          const distance = Math.abs(boundary.asked - boundary.answered);
          expect(distance).toBeGreaterThan(0);
          expect(distance).toBeLessThanOrEqual(vanished ? DAY : DAY / 2);
          const kept = (['RAW', ...grains] as const).filter((source) => available[source] <= boundary.asked);
          for (const source of kept) expect(Math.abs(boundary.asked % WIDTHS[source])).toBeGreaterThan(0);
        }
        for (const { instant, position } of cuts.slice(1, -1)) {
          if (position === null || (asked[position] as number) <= since) continue;
          const move = moved.find(({ answered }) => answered === instant);
          expect(move?.asked ?? instant).toBe(asked[position]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps neighbors adjacent: one range begins where the other ends', () => {
    fc.assert(
      fc.property(questions, ({ asked, grains, available }) => {
        const middle = asked[Math.floor(asked.length / 2)] as number;
        const [from, to] = [asked[0] as number, asked.at(-1) as number];
        fc.pre(from < middle && keptFrom(grains, available) < middle);
        const before = fitBoundaries([from, middle], grains, available).cuts;
        const after = fitBoundaries([middle, to], grains, available).cuts;
        fc.pre([...before, ...after].every(({ position }) => position !== null));
        expect(before[1]?.instant).toBe(after[0]?.instant);
      }),
    );
  });

  it('changes nothing if nothing has expired', () => {
    fc.assert(
      fc.property(questions, ({ asked, grains, available }) => {
        const fit = fitBoundaries(asked, grains, { ...available, RAW: Number.NEGATIVE_INFINITY });
        expect(fit.cuts).toEqual(asked.map((instant, position) => ({ instant, position })));
        expect([fit.missing, fit.moved, fit.shift]).toEqual([null, [], 0]);
      }),
    );
  });
});
