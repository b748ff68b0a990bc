import { beforeAll, describe, expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { GroupOrder, Scope, SeriesOptions } from '../../src/analytics/spec.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { InvalidArgument } from '../../src/core/errors.ts';
import { dimensionSetName } from '../../src/core/rollup/fold.ts';
import { levelName } from '../../src/core/rollup/horizons.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useStore } from './support/open-store.ts';
import { llmCall, uuidOf } from './support/sample.ts';

const at = (text: string): number => Date.parse(text);
const DAY = { from: at('2026-03-05T00:00:00Z'), to: at('2026-03-06T00:00:00Z') };
const MINUTE = 60_000;
const BY_COUNT: GroupOrder = { by: 'count', direction: 'desc' };
const HOURLY: SeriesOptions = { grain: 'HOUR', timeZone: 'UTC', dimensions: [], top: 10, fill: 'ZERO' };

const scopeOf = (projectId: string, range = DAY): Scope => ({
  dataset: llmCalls,
  projectId,
  range,
  filter: null,
});

describeEachDatabase('createAnalytics', (database) => {
  const opened = useStore(database);
  const create = (sources: 'ANY' | 'RAW' = 'ANY'): Analytics =>
    createAnalytics({ store: opened.store, sources });

  describe('questions that it refuses', () => {
    const { groups, series, totals } = {
      totals: (range: Scope['range'], p: number) =>
        create().totals(scopeOf('none', range), [{ measure: 'cost', quantiles: [p] }]),
      groups: (
        dimensions: string[],
        options: { orderBy: GroupOrder; first: number },
        dataset: Dataset = llmCalls,
      ) => create().groups({ ...scopeOf('none'), dataset }, [], { ...options, dimensions }),
      series: (options: Partial<SeriesOptions>) =>
        create().series(scopeOf('none'), [], { ...HOURLY, ...options }),
    };
    it.each([
      ['a range that ends before it begins', () => totals({ from: DAY.to, to: DAY.from }, 0.5), 'range'],
      ['a quantile above 1', () => totals(DAY, 95), 'p'],
      ['no groups', () => groups([], { orderBy: BY_COUNT, first: 0 }), 'first'],
      ['too many groups', () => groups([], { orderBy: BY_COUNT, first: 1001 }), 'first'],
      [
        'a dimension that is none',
        () => groups(['latencyMs'], { orderBy: BY_COUNT, first: 1 }),
        'dimensions',
      ],
      [
        'an order by a measure that is none',
        () =>
          groups([], { orderBy: { by: { measure: 'model', aggregate: 'sum' }, direction: 'asc' }, first: 1 }),
        'measure',
      ],
      [
        'an order by errors where nothing succeeds or fails',
        () => groups([], { orderBy: { by: 'errorRate', direction: 'asc' }, first: 1 }, errorLogs),
        'orderBy',
      ],
      ['no series', () => series({ top: 0 }), 'top'],
      ['too many series', () => series({ top: 51 }), 'top'],
      ['half a series', () => series({ top: 1.5 }), 'top'],
      ['an unknown zone', () => series({ timeZone: 'Mars/Olympus' }), 'timeZone'],
      ['too many points', () => series({ grain: 'MINUTE' }), 'grain'],
    ] as const)('%s', async (_, ask, argument) => {
      const error = await ask().then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(InvalidArgument);
      expect((error as InvalidArgument).details).toEqual({ argument });
    });

    it('names the grain that fits', async () => {
      await expect(series({ grain: 'MINUTE' })).rejects.toThrow('FIVE_MINUTES');
    });

    it('ranges that have expired', async () => {
      const minutes = llmCalls.rollups.map((set) => levelName('MINUTE', dimensionSetName(set)));
      const found = {
        rows: DAY.to,
        cells: new Map(minutes.map((level) => [level, DAY.to])),
        making: new Map(),
      };
      const horizons = { known: async () => found, read: async () => found };
      const analytics = createAnalytics({ store: opened.store, horizons });
      const ragged = { from: DAY.from + 1, to: DAY.to, exact: true } as const;
      await expect(analytics.totals(scopeOf('none', ragged), [])).rejects.toThrow('HOUR is the finest grain');
      expect((await analytics.totals(scopeOf('none'), [])).source.kind).toBe('ROLLUP');
    });
  });

  describe('without events', () => {
    it.each(['ANY', 'RAW'] as const)(
      'gives totals of zero, no groups and an empty series (%s)',
      async (sources) => {
        const analytics = create(sources);
        const wanted = [{ measure: 'cost', quantiles: [0.5] }];
        const { value } = await analytics.totals(scopeOf('empty'), wanted);
        const cost = {
          count: 0,
          sum: 0,
          min: null,
          max: null,
          distinct: null,
          others: null,
          quantiles: new Map([[0.5, null]]),
        };
        expect(value).toEqual({ rowCount: 0, successCount: 0, measures: new Map([['cost', cost]]) });
        const options = { orderBy: BY_COUNT, first: 10 };
        expect(
          (await analytics.groups(scopeOf('empty'), wanted, { ...options, dimensions: ['model'] })).value,
        ).toEqual([]);
        expect(
          (await analytics.groups(scopeOf('empty'), wanted, { ...options, dimensions: [] })).value,
        ).toEqual([]);
        const { value: series } = await analytics.series(scopeOf('empty'), [], HOURLY);
        expect(series.map(({ points }) => points.length)).toEqual([24]);
        const split = { ...HOURLY, dimensions: ['model'] };
        expect((await analytics.series(scopeOf('empty'), [], split)).value).toEqual([]);
      },
    );
  });

  describe('for a day of calls', () => {
    const MODELS = ['b', 'b', 'b', 'a', 'a', '\uffee', '\u{1f642}', 'c'];
    beforeAll(() =>
      opened.append(
        'day',
        llmCalls,
        MODELS.map((model, index) =>
          llmCall({
            id: uuidOf(index),
            timestamp: DAY.from + index * 90 * MINUTE + 1,
            model,
            endUser: `user-${index}`,
            cost: model === 'c' ? null : (index + 1) * 250_000_000,
            latencyMs: index * 10,
          }),
        ),
      ),
    );

    it.each(['ANY', 'RAW'] as const)('puts groups without a known sum last, from %s', async (sources) => {
      for (const direction of ['asc', 'desc'] as const) {
        const orderBy: GroupOrder = { by: { measure: 'cost', aggregate: 'sum' }, direction };
        const { value } = await create(sources).groups(scopeOf('day'), [], {
          dimensions: ['model'],
          orderBy,
          first: 4,
        });
        expect(value.map(({ dimensions }) => dimensions.model)).not.toContain('c');
        expect(value).toHaveLength(4);
      }
    });

    it('gives money in USD, and null if nothing is known', async () => {
      const wanted = [{ measure: 'cost', quantiles: [0, 1] }];
      const { value, source } = await create().groups(scopeOf('day'), wanted, {
        dimensions: ['provider', 'model'],
        orderBy: { by: { measure: 'cost', aggregate: 'max' }, direction: 'asc' },
        first: 10,
      });
      expect(source).toMatchObject({
        kind: 'ROLLUP',
        grain: 'DAY',
        rowsRead: 5,
        reason: 'DAY cells of provider, model',
      });
      const found = value.map(({ dimensions, stats }) => [dimensions.model, stats.measures.get('cost')?.sum]);
      expect(found).toEqual([
        ['b', 1.5],
        ['a', 2.25],
        ['\uffee', 1.5],
        ['\u{1f642}', 1.75],
        ['c', null],
      ]);
      const [cheapest] = value;
      expect(cheapest?.stats.measures.get('cost')?.quantiles).toEqual(
        new Map([
          [0, 0.25],
          [1, 0.75],
        ]),
      );
      expect(value.at(-1)?.stats.measures.get('cost')?.max).toBeNull();
    });

    it.each(['ANY', 'RAW'] as const)('breaks ties by code points (%s)', async (sources) => {
      const { value } = await create(sources).groups(scopeOf('day'), [], {
        dimensions: ['model'],
        orderBy: BY_COUNT,
        first: 4,
      });
      expect(value.map(({ dimensions }) => dimensions.model)).toEqual(['b', 'a', 'c', '\uffee']);
    });

    it.each(['ANY', 'RAW'] as const)(
      'keeps the largest groups apart and combines the rest (%s)',
      async (sources) => {
        const options = { ...HOURLY, grain: 'DAY', dimensions: ['model'], top: 2 } as const;
        const { value } = await create(sources).series(
          scopeOf('day'),
          [{ measure: 'cost', quantiles: [] }],
          options,
        );
        const [bounds] = value.map(({ points }) =>
          points.map(({ start, end }) => ({ from: start, to: end })),
        );
        expect(bounds).toEqual([DAY]);
        expect(
          value.map(({ dimensions, other, points }) => [dimensions.model, other, points[0]?.stats.rowCount]),
        ).toEqual([
          ['b', false, 3],
          ['a', false, 2],
          [null, true, 3],
        ]);
      },
    );

    it.each([
      ['ANY', { measure: 'cost', aggregate: 'max' }, 'desc', ['\u{1f642}', '\uffee', null]],
      ['RAW', { measure: 'cost', aggregate: 'max' }, 'desc', ['\u{1f642}', '\uffee', null]],
      ['ANY', { measure: 'latencyMs', aggregate: 'p95' }, 'asc', ['b', 'a', null]],
      ['RAW', { measure: 'latencyMs', aggregate: 'p95' }, 'asc', ['b', 'a', null]],
      ['ANY', 'count', 'asc', ['c', '\uffee', null]],
      ['RAW', 'count', 'asc', ['c', '\uffee', null]],
    ] as const)(
      'keeps the first groups of another order apart (%s, %j %s)',
      async (sources, by, direction, models) => {
        const options = { ...HOURLY, dimensions: ['model'], top: 2, orderBy: { by, direction } };
        const { value } = await create(sources).series(scopeOf('day'), [], options);
        expect(value.map(({ dimensions }) => dimensions.model)).toEqual(models);
        expect(value.map(({ other }) => other)).toEqual([false, false, true]);
        const counts = value.flatMap(({ points }) => points.map(({ stats }) => stats.rowCount));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(MODELS.length);
      },
    );

    it('aligns the first and the last bucket to the calendar, and counts only the range', async () => {
      const range = { from: DAY.from + 2, to: DAY.from + 91 * MINUTE };
      const { value } = await create().series(scopeOf('day', range), [], HOURLY);
      const points = value[0]?.points.map(({ start, end, stats }) => [start, end, stats.rowCount]);
      const hour = 60 * MINUTE;
      expect(points).toEqual([
        [DAY.from, DAY.from + hour, 0],
        [DAY.from + hour, DAY.from + 2 * hour, 1],
      ]);
    });

    it('leaves empty buckets out when asked to', async () => {
      const { value } = await create().series(scopeOf('day'), [], { ...HOURLY, fill: 'NONE' });
      expect(value[0]?.points.map(({ stats }) => stats.rowCount)).toEqual(Array(8).fill(1));
    });

    it('chooses a readable grain automatically', async () => {
      const { value } = await create().series(scopeOf('day'), [], { ...HOURLY, grain: 'AUTO' });
      expect(value[0]?.points.length).toBe(288);
    });

    it('orders by quantiles of cells, too', async () => {
      const { value } = await create().groups(scopeOf('day'), [], {
        dimensions: ['model'],
        orderBy: { by: { measure: 'latencyMs', aggregate: 'p95' }, direction: 'desc' },
        first: 2,
      });
      expect(value.map(({ dimensions, stats }) => [dimensions.model, stats.measures.size])).toEqual([
        ['c', 0],
        ['\u{1f642}', 0],
      ]);
    });
  });
});
