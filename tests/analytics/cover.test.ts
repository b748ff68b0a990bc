import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverBuckets } from '../../src/analytics/cover.ts';
import { ALL_AVAILABLE } from '../../src/analytics/plan.ts';
import { ROLLUP_WIDTH_MS } from '../../src/core/dataset/rollup-set.ts';
import { boundaryLists, grainLists } from './support/boundaries.ts';
import { HOUR, MINUTE } from './support/plan-specs.ts';

describe('coverBuckets', () => {
  it('partitions the range, aligns the cells, and lets no cell cross a boundary', () => {
    fc.assert(
      fc.property(boundaryLists, grainLists, (cuts, kept) => {
        const { segments, expired } = coverBuckets(cuts, kept, ALL_AVAILABLE);
        expect(expired).toBeNull();
        const all = segments
          .flatMap(({ source, ranges }) => ranges.map((range) => ({ source, ...range })))
          .sort((one, other) => one.from - other.from);
        expect(all[0]?.from).toBe(cuts[0]);
        expect(all.at(-1)?.to).toBe(cuts.at(-1));
        for (const [index, { source, from, to }] of all.entries()) {
          expect(from).toBeLessThan(to);
          if (index > 0) expect(from).toBe(all[index - 1]?.to);
          if (source === 'RAW') continue;
          expect(kept).toContain(source);
          const width = ROLLUP_WIDTH_MS[source];
          expect(Math.abs(from % width)).toBe(0);
          expect(Math.abs(to % width)).toBe(0);
          for (const cut of cuts) if (cut > from && cut < to) expect(Math.abs(cut % width)).toBe(0);
        }
      }),
    );
  });

  it('never reads finer than needed: rows span less than two cells of the finest grain per bucket', () => {
    fc.assert(
      fc.property(boundaryLists, (cuts) => {
        const { segments } = coverBuckets(cuts, ['MINUTE', 'HOUR', 'DAY'], ALL_AVAILABLE);
        const raw = segments.find(({ source }) => source === 'RAW');
        for (const range of raw?.ranges ?? [])
          expect(range.to - range.from).toBeLessThan(2 * MINUTE * cuts.length);
        const minutes = segments.find(({ source }) => source === 'MINUTE');
        const span = (minutes?.ranges ?? []).reduce((total, range) => total + range.to - range.from, 0);
        expect(span).toBeLessThan(2 * HOUR * cuts.length);
      }),
    );
  });

  it('reads nothing that has expired, and reports what is missing', () => {
    fc.assert(
      fc.property(boundaryLists, fc.nat(), fc.nat(), (cuts, minutesGone, rowsGone) => {
        const [from, to] = [cuts[0] as number, cuts.at(-1) as number];
        const availableFrom = {
          ...ALL_AVAILABLE,
          MINUTE: from + (minutesGone % (to - from)),
          RAW: from + (rowsGone % (to - from)),
        };
        const { segments, expired } = coverBuckets(cuts, ['MINUTE', 'HOUR'], availableFrom);
        for (const { source, ranges } of segments) {
          const first = ranges[0]?.from as number;
          if (source !== 'RAW') expect(first).toBeGreaterThanOrEqual(availableFrom[source]);
          else expect(expired === null).toBe(first >= availableFrom.RAW);
        }
      }),
    );
  });
});
