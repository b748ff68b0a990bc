import { beforeAll, describe, expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { Scope, Stats, WindowOptions } from '../../src/analytics/spec.ts';
import { MAX_WINDOWS } from '../../src/analytics/window-frame.ts';
import { InvalidArgument } from '../../src/core/errors.ts';
import { dimensionSetName } from '../../src/core/rollup/fold.ts';
import { levelName } from '../../src/core/rollup/horizons.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useStore } from './support/open-store.ts';
import { llmCall, uuidOf } from './support/sample.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-03-05T12:00:00Z');
const TODAY = Date.parse('2026-03-05T00:00:00Z');

const scopeOf = (projectId: string, range: Scope['range'], more: Partial<Scope> = {}): Scope => ({
  dataset: llmCalls,
  projectId,
  range,
  filter: null,
  ...more,
});
const sliding = (width: number, step: number, more: Partial<WindowOptions> = {}): WindowOptions => ({
  dimensions: [],
  top: 5,
  width,
  step,
  ...more,
});
const count = ({ rowCount }: Stats): number => rowCount;

describeEachDatabase('sliding windows', (database) => {
  const opened = useStore(database);
  const create = (): Analytics => createAnalytics({ store: opened.store });

  describe('that cannot be computed', () => {
    const ask = (range: Scope['range'], options: WindowOptions) =>
      create().windows(scopeOf('none', range), [], options, count);
    const anHour = { from: NOON, to: NOON + HOUR };

    it('distinct values', async () => {
      const wanted = [{ measure: 'model', quantiles: [], totals: ['distinct'] as const }];
      const asked = create().windows(scopeOf('none', anHour), wanted, sliding(HOUR, MINUTE), count);
      await expect(asked).rejects.toThrow('Overlapping windows cannot count distinct values');
    });

    it.each([
      ['no groups', anHour, sliding(HOUR, MINUTE, { top: 0 }), 'top', '20'],
      ['too many groups', anHour, sliding(HOUR, MINUTE, { top: 21 }), 'top', '20'],
      ['no width', anHour, sliding(0, 1), 'width', '1'],
      ['no step', anHour, sliding(MINUTE, 0), 'step', '60000'],
      ['windows with gaps between them', anHour, sliding(MINUTE, HOUR), 'step', '60000'],
      ['a range shorter than a step', anHour, sliding(DAY, 2 * HOUR), 'range', 'PT2H'],
      ['too many windows', { from: NOON, to: NOON + 8 * DAY }, sliding(HOUR, MINUTE), 'range', 'at most P7D'],
      [
        'a dimension that is none',
        anHour,
        sliding(HOUR, HOUR, { dimensions: ['cost'] }),
        'dimensions',
        'cost',
      ],
    ] as const)('%s', async (_, range, options, argument, fitting) => {
      const error = await ask(range, options).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(InvalidArgument);
      expect((error as InvalidArgument).details).toEqual({ argument });
      expect((error as InvalidArgument).message).toContain(fitting);
    });
  });

  it('are all returned, empty, if nothing happened', async () => {
    const range = { from: NOON, to: NOON + HOUR };
    const { value } = await create().windows(scopeOf('empty', range), [], sliding(HOUR, 20 * MINUTE), count);
    const ends = [NOON + 20 * MINUTE, NOON + 40 * MINUTE, NOON + HOUR];
    const group = { dimensions: {}, values: [undefined, undefined, undefined] };
    expect(value).toEqual({ ends, groups: [group], others: false });
    const grouped = sliding(HOUR, 20 * MINUTE, { dimensions: ['model'] });
    const { value: byModel } = await create().windows(scopeOf('empty', range), [], grouped, count);
    expect(byModel).toEqual({ ends, groups: [], others: false });
  });

  describe('over a day with a call every minute', () => {
    const MINUTES = 24 * 60;
    beforeAll(() =>
      opened.append(
        'day',
        llmCalls,
        Array.from({ length: MINUTES }, (_, minute) =>
          llmCall({
            id: uuidOf(minute),
            timestamp: TODAY + minute * MINUTE + 30 * SECOND,
            latencyMs: minute + 1,
            service: minute % 3 === 0 ? null : `service-${minute % 5}`,
            provider: `provider-${minute % 5}`,
          }),
        ),
      ),
    );
    const range = { from: TODAY, to: TODAY + DAY };

    it('cross all the parts in which the range is read, with the extremes and quantiles of each', async () => {
      const wanted = [{ measure: 'latencyMs', quantiles: [0.5] }];
      const { value, source } = await create().windows(
        scopeOf('day', range),
        wanted,
        sliding(10 * MINUTE, MINUTE),
        ({ rowCount, measures }) => ({ rowCount, ...measures.get('latencyMs') }),
      );
      expect(value.ends.length).toBe(MINUTES);
      // Windows begin before the range, where there are no events: nine minutes more.
      expect(source).toMatchObject({ kind: 'ROLLUP', grain: 'MINUTE', rowsRead: MINUTES });
      value.groups[0]?.values.forEach((found, index) => {
        const rowCount = Math.min(index + 1, 10);
        const [min, max] = [index + 2 - rowCount, index + 1];
        expect(found).toMatchObject({ rowCount, min, max, sum: ((min + max) * rowCount) / 2 });
        const median = (min + max) / 2;
        expect(Math.abs((found?.quantiles?.get(0.5) ?? 0) - median)).toBeLessThanOrEqual(
          median * 0.01 + 1e-9,
        );
      });
    });

    it('read coarse cells for the part that all of them share', async () => {
      const { value, source } = await create().windows(
        scopeOf('day', { from: TODAY + 23 * HOUR, to: TODAY + DAY }),
        [],
        sliding(20 * HOUR, 30 * MINUTE),
        count,
      );
      expect(value.groups[0]?.values).toEqual([1200, 1200]);
      expect(source.rowsRead).toBeLessThan(19 + 4 * 30 + 1);
    });

    it('keep the largest groups apart, the absent value too', async () => {
      const options = sliding(12 * HOUR, 12 * HOUR, { dimensions: ['service'], top: 2 });
      const { value, source } = await create().windows(scopeOf('day', range), [], options, count);
      expect(value).toEqual({
        ends: [TODAY + 12 * HOUR, TODAY + DAY],
        groups: [
          { dimensions: { service: null }, values: [240, 240] },
          { dimensions: { service: 'service-0' }, values: [96, 96] },
        ],
        others: true,
      });
      expect(source).toMatchObject({ kind: 'ROLLUP', grain: 'HOUR' });
      const all = await create().windows(scopeOf('day', range), [], { ...options, top: 6 }, count);
      expect([all.value.groups.length, all.value.others]).toEqual([6, false]);
    });

    it('read no cells of other groups', async () => {
      const options = sliding(12 * HOUR, 12 * HOUR, { dimensions: ['provider'], top: 2 });
      const { value, source } = await create().windows(scopeOf('day', range), [], options, count);
      expect(value).toMatchObject({ groups: [{ values: [144, 144] }, { values: [144, 144] }], others: true });
      expect(source).toMatchObject({ kind: 'ROLLUP', grain: 'HOUR', rowsRead: 48 });
    });

    it('let other work run in between', async () => {
      let turns = 0;
      const count = (): void => {
        turns++;
        timer = setImmediate(count);
      };
      let timer = setImmediate(count);
      const range = { from: TODAY, to: TODAY + (MAX_WINDOWS / 2) * 10 * SECOND };
      await create().windows(scopeOf('day', range), [], sliding(HOUR, 10 * SECOND), () => 1);
      clearImmediate(timer);
      expect(turns).toBeGreaterThan(5);
    });
  });

  describe('after retention has removed something', () => {
    const names = llmCalls.rollups.map(dimensionSetName);
    const level = (grain: string, from: number) =>
      names.map((name) => [levelName(grain, name), from] as const);
    const found = {
      rows: TODAY - 2 * DAY,
      cells: new Map([...level('MINUTE', TODAY - DAY), ...level('HOUR', TODAY - 5 * DAY)]),
      making: new Map(),
    };
    const horizons = { known: async () => found, read: async () => found };
    const range = { from: TODAY - 10 * DAY, to: TODAY };
    const ask = (options: WindowOptions, more: Partial<Scope> = {}) =>
      createAnalytics({ store: opened.store, horizons }).windows(
        scopeOf('removed', range, more),
        [],
        options,
        count,
      );

    it.each([
      ['of days by the day go back to the beginning', sliding(DAY, DAY), TODAY - 9 * DAY],
      ['by the hour go back to the first hours', sliding(6 * HOUR, HOUR), TODAY - 5 * DAY + 6 * HOUR],
      ['by less go back to the first rows', sliding(HOUR, 10 * MINUTE), TODAY - 2 * DAY + HOUR],
    ])('%s', async (_, options, first) => {
      const { value } = await ask(options);
      expect([value.ends[0], value.ends.at(-1)]).toEqual([first, TODAY]);
    });

    it('are an empty list if all have lost something', async () => {
      const { value } = await ask(sliding(HOUR, HOUR), { range: { from: range.from, to: TODAY - 6 * DAY } });
      expect(value).toEqual({ ends: [], groups: [{ dimensions: {}, values: [] }], others: false });
    });

    it('are refused unless incomplete ones may be omitted', async () => {
      await expect(ask(sliding(HOUR, HOUR), { range: { ...range, exact: true } })).rejects.toThrow(
        'have expired',
      );
    });
  });
});
