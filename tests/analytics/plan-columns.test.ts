import { describe, expect, it } from 'vitest';
import { ALL_AVAILABLE, type PlanOptions, plan } from '../../src/analytics/plan.ts';
import type { QuerySpec } from '../../src/analytics/spec.ts';
import { at, BY_USER, DAY, every, exactly, HOUR, is, MINUTE, SECOND, specOf } from './support/plan-specs.ts';

interface Case {
  readonly name: string;
  readonly spec: QuerySpec;
  readonly options?: PlanOptions;
  readonly kind: 'ROLLUP' | 'RAW' | 'COLUMNS' | 'MIXED';
  readonly sources: readonly string[];
  readonly reason: string;
}

const FROM = at('2026-03-01T00:00:00Z');
const MONTH = every(DAY, FROM, FROM + 30 * DAY);

const CASES: readonly Case[] = [
  {
    name: 'a dimension that no rollup keeps',
    spec: specOf(MONTH, { dimensions: ['finishReason'] }),
    kind: 'COLUMNS',
    sources: ['COLUMNS'],
    reason: 'columns: no rollup keeps finishReason',
  },
  {
    name: 'a few seconds of it: the rows, which need not wait for the copy',
    spec: specOf([FROM, FROM + 30 * SECOND], { dimensions: ['finishReason'] }),
    kind: 'RAW',
    sources: ['RAW'],
    reason: 'raw rows: no rollup keeps finishReason',
  },
  {
    name: 'quantiles of a measure without histogram',
    spec: specOf(MONTH, { measures: [{ measure: 'tokensPerSecond', quantiles: [0.5] }] }),
    kind: 'COLUMNS',
    sources: ['COLUMNS'],
    reason: 'columns: the rollups keep no histogram of tokensPerSecond',
  },
  {
    name: 'days of a few providers: their cells',
    spec: specOf(MONTH, { dimensions: ['provider'] }),
    kind: 'ROLLUP',
    sources: ['DAY'],
    reason: 'DAY cells of provider',
  },
  {
    name: 'a month by end user: nearly as many cells as rows',
    spec: specOf(MONTH, BY_USER),
    kind: 'COLUMNS',
    sources: ['COLUMNS'],
    reason: 'columns: cells would take longer',
  },
  {
    name: 'seconds at the ends: rows beside the cells',
    spec: specOf([FROM + 20 * SECOND, FROM + 3 * DAY + 40 * SECOND]),
    kind: 'MIXED',
    sources: ['DAY', 'HOUR', 'MINUTE', 'RAW'],
    reason: 'DAY, HOUR and MINUTE cells of all rows, and raw rows for 80 s that no cell covers',
  },
  {
    name: 'hours at the ends: columns beside the cells',
    spec: specOf([FROM + 20 * MINUTE, FROM + 300 * DAY + 50 * MINUTE], { filter: is('cached', true) }),
    kind: 'MIXED',
    sources: ['DAY', 'HOUR', 'COLUMNS'],
    reason:
      'DAY and HOUR cells of provider, model, operation, cached, success, service, environment, ' +
      'and columns for 90 min that no cell covers',
  },
  {
    name: 'rows have expired: cells, whatever they cost',
    spec: specOf(MONTH, BY_USER),
    options: { availableFrom: () => ({ ...ALL_AVAILABLE, RAW: FROM + 10 * DAY }) },
    kind: 'ROLLUP',
    sources: ['HOUR'],
    reason: 'HOUR cells of endUser',
  },
  {
    name: 'the copy is behind: cells',
    spec: specOf(MONTH, BY_USER),
    options: { columns: { why: 'the columns are 9 events behind' } },
    kind: 'ROLLUP',
    sources: ['HOUR'],
    reason: 'HOUR cells of endUser',
  },
  {
    name: 'the copy is behind, and no cells answer',
    spec: specOf(MONTH, { dimensions: ['finishReason'] }),
    options: { columns: { why: 'the columns are 9 events behind' } },
    kind: 'RAW',
    sources: ['RAW'],
    reason: 'raw rows: no rollup keeps finishReason; the columns are 9 events behind',
  },
  {
    name: 'columns on demand, even for seconds',
    spec: specOf([FROM, FROM + 30 * SECOND], { dimensions: ['provider'] }),
    options: { sources: 'COLUMNS' },
    kind: 'COLUMNS',
    sources: ['COLUMNS'],
    reason: 'columns: columns were requested',
  },
  {
    name: 'rows on demand',
    spec: specOf(MONTH),
    options: { sources: 'RAW' },
    kind: 'RAW',
    sources: ['RAW'],
    reason: 'raw rows: raw rows were requested',
  },
];

describe('plan with columns', () => {
  it.each(CASES)('$name', ({ spec, options, kind, sources, reason }) => {
    const made = plan(spec, { columns: 'READY', ...options });
    expect(made.segments.map(({ source }) => source)).toEqual(sources);
    expect(made).toMatchObject({ kind, reason });
  });

  it('refuses expired rows, as without columns', () => {
    const availableFrom = () => ({ ...ALL_AVAILABLE, RAW: FROM + 10 * DAY });
    const spec = exactly(specOf(every(HOUR, FROM, FROM + DAY), { dimensions: ['finishReason'] }));
    expect(() => plan(spec, { availableFrom, columns: 'READY' })).toThrow(/no rollup keeps finishReason/);
  });
});
