import { describe, expect, it } from 'vitest';
import type { SegmentSource } from '../../src/analytics/cover.ts';
import { plan } from '../../src/analytics/plan.ts';
import type { RollupSet } from '../../src/core/dataset/rollup-set.ts';
import { at, BY_USER, DAY, every, HOUR, specOf } from './support/plan-specs.ts';

// A server at noon on 20 June 2026. Rows are kept for 90 days, minutes for 7, hours for 100, days
// forever.
const NOW = at('2026-06-20T12:34:56.789Z');
const KEPT = {
  RAW: at('2026-03-22T00:00:00Z'),
  MINUTE: at('2026-06-13T00:00:00Z'),
  HOUR: at('2026-03-12T00:00:00Z'),
  DAY: Number.NEGATIVE_INFINITY,
};
const keptOf = (set: RollupSet | null) =>
  set === null || !set.grains.includes('DAY') ? { ...KEPT, DAY: KEPT.HOUR } : KEPT;

const REASON = { dimensions: ['finishReason'] };

interface Case {
  readonly name: string;
  readonly boundaries: readonly number[];
  readonly options?: Parameters<typeof specOf>[1];
  /** The sources, coarsest first. */
  readonly sources: readonly SegmentSource[];
  readonly cuts: readonly (string | number)[];
  readonly missing?: readonly [string | number, string];
  readonly moved: readonly (readonly [string | number, string])[];
}

const P91D = NOW - 91 * DAY;
const P180D = NOW - 180 * DAY;

const CASES: readonly Case[] = [
  {
    name: 'within the row days nothing is moved',
    boundaries: [NOW - 60 * DAY, NOW],
    sources: ['DAY', 'HOUR', 'MINUTE', 'RAW'],
    cuts: [NOW - 60 * DAY, NOW],
    moved: [],
  },
  {
    name: 'a day longer than rows: from the nearer full hour on',
    boundaries: [P91D, NOW],
    sources: ['DAY', 'HOUR', 'MINUTE', 'RAW'],
    cuts: ['2026-03-21T13:00:00Z', NOW],
    moved: [[P91D, '2026-03-21T13:00:00Z']],
  },
  {
    name: 'longer than hours: from the nearer midnight on',
    boundaries: [P180D, NOW],
    sources: ['DAY', 'HOUR', 'MINUTE', 'RAW'],
    cuts: ['2025-12-23T00:00:00Z', NOW],
    moved: [[P180D, '2025-12-23T00:00:00Z']],
  },
  {
    name: 'by a dimension of a set that keeps no days: from where its hours begin, and says what is missing',
    boundaries: [P180D, NOW],
    options: BY_USER,
    sources: ['HOUR', 'RAW'],
    cuts: ['2026-03-12T00:00:00Z', NOW],
    missing: [P180D, '2026-03-12T00:00:00Z'],
    moved: [],
  },
  {
    name: 'by a dimension that no rollup keeps: from where rows begin',
    boundaries: [P91D, NOW],
    options: REASON,
    sources: ['RAW'],
    cuts: ['2026-03-22T00:00:00Z', NOW],
    missing: [P91D, '2026-03-22T00:00:00Z'],
    moved: [],
  },
  {
    name: 'nothing is kept of the range: nothing is read',
    boundaries: [P180D, P91D],
    options: REASON,
    sources: [],
    cuts: [P91D, P91D],
    missing: [P180D, '2026-03-21T12:34:56.789Z'],
    moved: [],
  },
  {
    name: 'half an hour of a day of which days are left: the day that it lies in',
    boundaries: [at('2026-01-10T10:00:00Z'), at('2026-01-10T10:30:00Z')],
    sources: ['DAY'],
    cuts: ['2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z'],
    moved: [
      ['2026-01-10T10:00:00Z', '2026-01-10T00:00:00Z'],
      ['2026-01-10T10:30:00Z', '2026-01-11T00:00:00Z'],
    ],
  },
  {
    name: 'days of Kolkata while hours last: the half hours are on one side, each day is moved alike',
    boundaries: every(DAY, at('2026-03-18T18:30:00Z'), at('2026-03-20T18:30:00Z')),
    sources: ['HOUR'],
    cuts: ['2026-03-18T18:00:00Z', '2026-03-19T18:00:00Z', '2026-03-20T18:00:00Z'],
    moved: [
      ['2026-03-18T18:30:00Z', '2026-03-18T18:00:00Z'],
      ['2026-03-19T18:30:00Z', '2026-03-19T18:00:00Z'],
      ['2026-03-20T18:30:00Z', '2026-03-20T18:00:00Z'],
    ],
  },
  {
    name: 'months of Kolkata where days are left: each begins with the day of UTC that is mostly its first',
    boundaries: ['2025-12-31T18:30:00Z', '2026-01-31T18:30:00Z', '2026-02-28T18:30:00Z'].map(at),
    sources: ['DAY'],
    cuts: ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'],
    moved: [
      ['2025-12-31T18:30:00Z', '2026-01-01T00:00:00Z'],
      ['2026-01-31T18:30:00Z', '2026-02-01T00:00:00Z'],
      ['2026-02-28T18:30:00Z', '2026-03-01T00:00:00Z'],
    ],
  },
  {
    name: 'hours where days are left: the buckets of a day become one',
    boundaries: every(HOUR, at('2026-01-10T00:00:00Z'), at('2026-01-12T00:00:00Z')),
    sources: ['DAY'],
    cuts: ['2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z', '2026-01-12T00:00:00Z'],
    moved: [],
  },
];

describe('plan', () => {
  it.each(CASES)('$name', ({ boundaries, options, sources, cuts, missing, moved }) => {
    const made = plan(specOf(boundaries, options), { availableFrom: keptOf });
    const instant = (value: string | number) => (typeof value === 'string' ? at(value) : value);
    expect(made.segments.map(({ source }) => source)).toEqual(sources);
    expect(made.cuts.map((cut) => cut.instant)).toEqual(cuts.map(instant));
    expect(made.missing).toEqual(missing ? { from: instant(missing[0]), to: instant(missing[1]) } : null);
    expect(made.moved).toEqual(
      moved.map(([asked, answered]) => ({ asked: instant(asked), answered: instant(answered) })),
    );
  });

  it('chooses the set that keeps more of the range, then the one that moves it less', () => {
    const set = (...dimensions: string[]) => dimensions.join();
    const spec = specOf([P180D, NOW], { dimensions: ['provider'] });
    const since = (sets: Readonly<Record<string, Partial<typeof KEPT>>>) =>
      plan(spec, {
        availableFrom: (of) => ({ ...KEPT, ...(of === null ? {} : sets[set(...of.dimensions)]) }),
      });
    expect(since({}).set?.dimensions).toEqual(['provider']);
    expect(since({ provider: { DAY: KEPT.HOUR } }).set?.dimensions).toEqual(['provider', 'model']);
    const finer = since({ [set('provider', 'model')]: { HOUR: at('2025-01-01T00:00:00Z') } });
    expect(finer.set?.dimensions).toEqual(['provider', 'model']);
    expect(finer.moved).toEqual([{ asked: P180D, answered: at('2025-12-22T13:00:00Z') }]);
  });
});
