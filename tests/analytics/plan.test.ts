import { describe, expect, it } from 'vitest';
import { ALL_AVAILABLE, type PlanOptions, plan } from '../../src/analytics/plan.ts';
import type { QuerySpec } from '../../src/analytics/spec.ts';
import type { RollupSet } from '../../src/core/dataset/rollup-set.ts';
import { InvalidArgument } from '../../src/core/errors.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { at, BY_USER, DAY, every, exactly, is, MINUTE, specOf } from './support/plan-specs.ts';

interface Case {
  readonly name: string;
  readonly spec: QuerySpec;
  readonly options?: PlanOptions;
  readonly kind: 'ROLLUP' | 'RAW' | 'MIXED';
  readonly set: string | null;
  /** The source and the number of its ranges. */
  readonly segments: readonly (readonly [string, number])[];
  readonly reason: string;
}

const MONTH = every(DAY, at('2026-03-01T00:00:00Z'), at('2026-03-31T00:00:00Z'));
const KOLKATA_WEEK = every(DAY, at('2026-03-01T18:30:00Z'), at('2026-03-08T18:30:00Z'));

const CASES: readonly Case[] = [
  {
    name: 'days in UTC: one range of day cells',
    spec: specOf(MONTH, { dimensions: ['provider'] }),
    kind: 'ROLLUP',
    set: 'provider',
    segments: [['DAY', 1]],
    reason: 'DAY cells of provider',
  },
  {
    name: 'totals of a ragged range: days inside, hours and minutes around, rows at the ends',
    spec: specOf([at('2026-03-01T10:20:30.400Z'), at('2026-03-05T07:08:09.100Z')]),
    kind: 'MIXED',
    set: '',
    segments: [
      ['DAY', 1],
      ['HOUR', 2],
      ['MINUTE', 2],
      ['RAW', 2],
    ],
    reason: 'DAY, HOUR and MINUTE cells of all rows, and raw rows for 38.7 s that no cell covers',
  },
  {
    name: 'five minutes',
    spec: specOf(every(5 * MINUTE, at('2026-03-01T00:00:00Z'), at('2026-03-02T00:00:00Z'))),
    kind: 'ROLLUP',
    set: '',
    segments: [['MINUTE', 1]],
    reason: 'MINUTE cells of all rows',
  },
  {
    name: 'days in Kolkata begin at 18:30 UTC: hours, and half hours by the minute',
    spec: specOf(KOLKATA_WEEK),
    kind: 'ROLLUP',
    set: '',
    segments: [
      ['HOUR', 7],
      ['MINUTE', 8],
    ],
    reason: 'HOUR and MINUTE cells of all rows',
  },
  {
    name: 'days in Kolkata from a set without minute cells: rows for the half hours',
    spec: specOf(KOLKATA_WEEK, { filter: is('cached', true) }),
    kind: 'MIXED',
    set: 'provider,model,operation,cached,success,service,environment',
    segments: [
      ['HOUR', 7],
      ['RAW', 8],
    ],
    reason:
      'HOUR cells of provider, model, operation, cached, success, service, environment, and raw rows for 7 h that no cell covers',
  },
  {
    name: 'filter and grouping are in one set',
    spec: specOf(MONTH, { filter: is('provider', 'openai'), dimensions: ['model'] }),
    kind: 'ROLLUP',
    set: 'provider,model',
    segments: [['DAY', 1]],
    reason: 'DAY cells of provider, model',
  },
  {
    name: 'filter and grouping are only in the widest set',
    spec: specOf(MONTH, { filter: is('service', 'api'), dimensions: ['model'] }),
    kind: 'ROLLUP',
    set: 'provider,model,operation,cached,success,service,environment',
    segments: [['DAY', 1]],
    reason: 'DAY cells of provider, model, operation, cached, success, service, environment',
  },
  {
    name: 'a rolling day by end user: hours, and rows for the ends',
    spec: specOf([at('2026-03-01T10:20:00Z'), at('2026-03-02T10:20:00Z')], BY_USER),
    kind: 'MIXED',
    set: 'endUser',
    segments: [
      ['HOUR', 1],
      ['RAW', 2],
    ],
    reason: 'HOUR cells of endUser, and raw rows for 60 min that no cell covers',
  },
  {
    name: 'a month by end user: hours, for days of people are not kept',
    spec: specOf(MONTH, BY_USER),
    kind: 'ROLLUP',
    set: 'endUser',
    segments: [['HOUR', 1]],
    reason: 'HOUR cells of endUser',
  },
  {
    name: 'a dimension that no rollup keeps',
    spec: specOf(MONTH, { dimensions: ['finishReason'] }),
    kind: 'RAW',
    set: null,
    segments: [['RAW', 1]],
    reason: 'raw rows: no rollup keeps finishReason',
  },
  {
    name: 'a filter on a column that is no dimension',
    spec: specOf(MONTH, {
      filter: { kind: 'and', all: [is('provider', 'openai'), is('errorMessage', 'x')] },
    }),
    kind: 'RAW',
    set: null,
    segments: [['RAW', 1]],
    reason: 'raw rows: no rollup keeps errorMessage',
  },
  {
    name: 'quantiles of a measure without histogram',
    spec: specOf(MONTH, { measures: [{ measure: 'tokensPerSecond', quantiles: [0.5] }] }),
    kind: 'RAW',
    set: null,
    segments: [['RAW', 1]],
    reason: 'raw rows: the rollups keep no histogram of tokensPerSecond',
  },
  {
    name: 'distinct values, although cells are by the dimension',
    spec: specOf(MONTH, { measures: [{ measure: 'model', quantiles: [], totals: ['distinct'] }] }),
    kind: 'RAW',
    set: null,
    segments: [['RAW', 1]],
    reason: 'raw rows: the rollups do not count distinct values of model',
  },
  {
    name: 'sums of a measure without histogram',
    spec: specOf(MONTH, { measures: [{ measure: 'tokensPerSecond', quantiles: [] }] }),
    kind: 'ROLLUP',
    set: '',
    segments: [['DAY', 1]],
    reason: 'DAY cells of all rows',
  },
  {
    name: 'shorter than a minute',
    spec: specOf([at('2026-03-01T10:20:30Z'), at('2026-03-01T10:21:10Z')]),
    kind: 'RAW',
    set: null,
    segments: [['RAW', 1]],
    reason: 'raw rows: no whole rollup cell fits into the buckets',
  },
  {
    name: 'five minutes from a set without minute cells',
    spec: specOf(every(5 * MINUTE, at('2026-03-01T00:00:00Z'), at('2026-03-01T06:00:00Z')), {
      dimensions: ['operation'],
    }),
    kind: 'RAW',
    set: null,
    segments: [['RAW', 1]],
    reason: 'raw rows: no whole rollup cell fits into the buckets',
  },
  {
    name: 'raw rows on demand',
    spec: specOf(MONTH),
    options: { sources: 'RAW' },
    kind: 'RAW',
    set: null,
    segments: [['RAW', 1]],
    reason: 'raw rows: raw rows were requested',
  },
  {
    name: 'minute cells have expired: rows in their place',
    spec: specOf([at('2026-03-01T10:20:00Z'), at('2026-03-01T14:40:00Z')]),
    options: { availableFrom: () => ({ ...ALL_AVAILABLE, MINUTE: at('2026-03-01T12:00:00Z') }) },
    kind: 'MIXED',
    set: '',
    segments: [
      ['HOUR', 1],
      ['MINUTE', 1],
      ['RAW', 1],
    ],
    reason: 'HOUR and MINUTE cells of all rows, and raw rows for 40 min that no cell covers',
  },
];

describe('plan', () => {
  it.each(CASES)('$name', ({ spec, options, kind, set, segments, reason }) => {
    const made = plan(spec, options);
    expect(made.kind).toBe(kind);
    expect(made.set?.dimensions.join(',') ?? null).toBe(set);
    expect(made.segments.map(({ source, ranges }) => [source, ranges.length])).toEqual(segments);
    expect(made.reason).toBe(reason);
  });

  it('chooses the set whose finer cells save more rows than its cells cost', () => {
    const dataset = {
      ...llmCalls,
      rollups: [
        { dimensions: ['provider'], grains: ['DAY'] as const },
        { dimensions: ['provider', 'model'], grains: ['MINUTE', 'HOUR', 'DAY'] as const },
      ],
    };
    const ragged = [at('2026-03-01T01:00:00Z'), at('2026-03-03T05:00:00Z')];
    const spec = { ...specOf(ragged, { dimensions: ['provider'] }), dataset };
    expect(plan(spec).set?.dimensions).toEqual(['provider', 'model']);
    const aligned = { ...specOf(MONTH, { dimensions: ['provider'] }), dataset };
    expect(plan(aligned).set?.dimensions).toEqual(['provider']);
  });

  it('names the finest grain that is left when rows have expired too', () => {
    const cutoff = at('2026-03-10T00:00:00Z');
    const availableFrom = () => ({ ...ALL_AVAILABLE, MINUTE: cutoff, RAW: cutoff });
    const ask = (from: string) => () =>
      plan(exactly(specOf([at(from), at('2026-03-12T00:00:00Z')])), { availableFrom });
    expect(ask('2026-03-01T10:20:00Z')).toThrow(
      /HOUR is the finest grain.* full UTC hour, for example from 2026-03-01T11:00:00.000Z on/,
    );
    expect(ask('2026-03-01T10:20:00Z')).toThrow(InvalidArgument);
    expect(ask('2026-03-01T10:00:00Z')().kind).toBe('ROLLUP');
    expect(ask('2026-03-10T10:20:30.500Z')().kind).toBe('MIXED');
  });

  it('prefers a set whose cells are complete to one whose cells begin later', () => {
    const since = at('2026-03-10T00:00:00Z');
    const availableFrom = (set: RollupSet | null) =>
      set?.dimensions.length === 1
        ? { RAW: since, MINUTE: since, HOUR: since, DAY: since }
        : { ...ALL_AVAILABLE, RAW: since };
    const spec = specOf(MONTH, { dimensions: ['provider'] });
    expect(plan(spec).set?.dimensions).toEqual(['provider']);
    expect(plan(spec, { availableFrom }).set?.dimensions).toEqual(['provider', 'model']);
  });

  it('refuses when rows have expired and no rollup can answer', () => {
    const availableFrom = () => ({ ...ALL_AVAILABLE, RAW: at('2026-03-10T00:00:00Z') });
    const spec = exactly(specOf(MONTH, { dimensions: ['finishReason'] }));
    expect(() => plan(spec, { availableFrom })).toThrow(
      /no rollup keeps finishReason.*2026-03-10T00:00:00.000Z/,
    );
  });
});
