import { describe, expect, expectTypeOf, it } from 'vitest';
import { boolean, enumeration, integer, text } from '../../../src/core/dataset/column.ts';
import { type Dataset, defineDataset } from '../../../src/core/dataset/dataset.ts';
import { defineState, type StateTable } from '../../../src/core/dataset/state.ts';
import { columnOf, type EntityTable } from '../../../src/core/dataset/table.ts';

/*
 * What the compiler checks in a declaration. `npm run typecheck` fails when one of the mistakes
 * compiles. The tests show which of them also throw if a declaration gets past the compiler.
 */

const SHOWN = { name: 'visits', entity: 'Visit', table: 'visits', description: 'A visit.' };
const COLUMNS = {
  page: text({ role: 'dimension', description: 'Page.' }),
  device: enumeration('Device', { DESKTOP: 'A desk.', MOBILE: 'A hand.' }, { description: 'Device.' }),
  size: integer({ role: 'measure', optional: true, description: 'Size.' }),
  success: boolean({ role: 'dimension', source: 'server', description: 'Whether it worked.' }),
};
const ROLLUPS = [{ dimensions: [] }];
const pages = defineState({
  name: 'pages',
  entity: 'Page',
  table: 'pages',
  description: 'A page.',
  naturalKey: 'page',
  columns: {
    page: text({ description: 'Page.' }),
    lastSize: integer({ optional: true, description: 'Size.' }),
  },
});
const visits = defineDataset({
  ...SHOWN,
  columns: COLUMNS,
  rollups: [{ dimensions: [] }, { dimensions: ['page', 'success', 'service'] }],
  complete: (visit) => {
    expectTypeOf(visit.page).toEqualTypeOf<string>();
    expectTypeOf(visit.device).toEqualTypeOf<'DESKTOP' | 'MOBILE'>();
    expectTypeOf(visit.size).toEqualTypeOf<number | null>();
    expectTypeOf(visit.success).toEqualTypeOf<boolean | null>();
    expectTypeOf(visit.timestamp).toEqualTypeOf<number>();
    visit.success = true;
  },
  findContradiction: (visit) => {
    expectTypeOf(visit.success).toEqualTypeOf<boolean>();
    expectTypeOf(visit.size).toEqualTypeOf<number | null>();
    return visit.success ? null : { field: 'success', message: 'success must be true' };
  },
});

describe('a declaration', () => {
  it('is accepted by code that handles any table', () => {
    expectTypeOf(visits).toExtend<Dataset>();
    expectTypeOf(visits).toExtend<EntityTable>();
    expectTypeOf(pages).toExtend<StateTable>();
    expectTypeOf(pages).toExtend<EntityTable>();
    const names = [visits, pages].map((table: EntityTable) => table.columns[table.at.id]?.name);
    expect(names).toEqual(['id', 'id']);
  });

  it('knows the positions of its columns', () => {
    expectTypeOf(visits.at.page).toEqualTypeOf<number>();
    expectTypeOf(pages.at.updatedAt).toEqualTypeOf<number>();
    expect(visits.columns[visits.at.size]?.name).toBe('size');
    // @ts-expect-error no column of that name
    expect(visits.at.pgae).toBeUndefined();
    // @ts-expect-error no request, no column
    expect(visits.at.requestId).toBeUndefined();
    // @ts-expect-error no column of that name
    expect(() => columnOf(visits, 'pgae')).toThrow('visits has no column pgae');
  });

  it('passes rows with named columns to its functions', () => {
    const row = visits.columns.map(() => null as never);
    visits.complete?.(row, undefined as never);
    expect(row[visits.at.success]).toBe(true);
    expect(visits.findContradiction?.(row)).toBeNull();
    row[visits.at.success] = false as never;
    expect(visits.findContradiction?.(row)).toMatchObject({ field: 'success' });
  });
});

describe('mistakes in a declaration', () => {
  const declare = { ...SHOWN, columns: COLUMNS, rollups: ROLLUPS };

  it.each<[string, () => unknown, string]>([
    [
      'a measure that is not a number',
      // @ts-expect-error text cannot be added up
      () => defineDataset({ ...declare, columns: { page: text({ role: 'measure', description: '' }) } }),
      'visits.page: a measure is a number',
    ],
    [
      'a rollup over a misspelt column',
      // @ts-expect-error no column of that name
      () => defineDataset({ ...SHOWN, columns: COLUMNS, rollups: [{ dimensions: ['pgae'] }] }),
      'visits: rollup over pgae, which is not a dimension',
    ],
    [
      'a rollup over a measure',
      // @ts-expect-error a measure is not a dimension
      () => defineDataset({ ...SHOWN, columns: COLUMNS, rollups: [{ dimensions: ['size'] }] }),
      'visits: rollup over size, which is not a dimension',
    ],
    [
      'rollups without totals',
      () => defineDataset({ ...SHOWN, columns: COLUMNS, rollups: [{ dimensions: ['page'] }] }),
      'visits: the rollups lack the empty dimension set, which holds the totals',
    ],
    [
      'a misspelt column from the request',
      // @ts-expect-error no column of that name
      () => defineDataset({ ...declare, fromRequest: ['pgae'] }),
      'visits has no column pgae',
    ],
    [
      'a misspelt natural key of events',
      // @ts-expect-error no column of that name
      () => defineDataset({ ...declare, naturalKey: 'pgae' }),
      'visits: the natural key pgae is not a column',
    ],
    [
      'a column that all events have',
      () => defineDataset({ ...declare, columns: { service: text({ description: 'Service.' }) } }),
      'visits: there are two columns service',
    ],
    [
      'a misspelt natural key of states',
      // @ts-expect-error no column of that name
      () => defineState({ ...SHOWN, columns: COLUMNS, naturalKey: 'pgae' }),
      'visits: the natural key pgae is not a column',
    ],
    [
      'a misspelt column to search',
      // @ts-expect-error no column of that name
      () => defineState({ ...SHOWN, columns: COLUMNS, searched: ['pgae'] }),
      'visits has no column pgae',
    ],
    [
      'a misspelt column that a companion inherits',
      () =>
        defineDataset({
          ...declare,
          // @ts-expect-error the state has no column of that name
          companion: { field: 'seen', description: '', state: pages, inherits: { pgae: 'page' } },
        }),
      'pages has no column pgae',
    ],
    [
      'a misspelt column that a companion inherits from',
      () =>
        defineDataset({
          ...declare,
          // @ts-expect-error the event has no column of that name
          companion: { field: 'seen', description: '', state: pages, inherits: { page: 'pgae' } },
        }),
      'visits has no column pgae',
    ],
    [
      'a projection by another column than the natural key',
      () =>
        defineDataset({
          ...declare,
          // @ts-expect-error the state has no such column
          projections: [{ state: pages, key: 'device', columns: { lastSize: { from: 'size' } } }],
        }),
      'pages: the natural key must be device',
    ],
    [
      'a projection from a misspelt column',
      () =>
        defineDataset({
          ...declare,
          // @ts-expect-error the event has no column of that name
          projections: [{ state: pages, key: 'page', columns: { lastSize: { from: 'sise' } } }],
        }),
      'visits has no column sise',
    ],
    [
      'a projection to a misspelt column',
      () =>
        defineDataset({
          ...declare,
          // @ts-expect-error the state has no column of that name
          projections: [{ state: pages, key: 'page', columns: { lastSise: { from: 'size' } } }],
        }),
      'pages: nothing says what lastSize is',
    ],
  ])('are reported for %s', (_case, define, problem) => {
    expect(define).toThrow(problem);
  });

  it('are compile errors if functions use columns that do not exist', () => {
    defineDataset({
      ...declare,
      complete: (visit) => {
        // @ts-expect-error no column of that name
        visit.sucess = true;
        // @ts-expect-error a number is not a boolean
        visit.success = 1;
        // @ts-expect-error what the client gives stays
        visit.page = '/';
      },
      // @ts-expect-error no field of that name
      findContradiction: () => ({ field: 'sucess', message: 'It does not agree.' }),
    });
  });

  it('are compile errors if values have the wrong kind', () => {
    const companion = { field: 'seen', description: '', state: pages };
    // @ts-expect-error text is not a number
    defineDataset({ ...declare, companion: { ...companion, inherits: { lastSize: 'page' } } });
    const columns = { lastSize: { from: 'page' } } as const;
    // @ts-expect-error text is not a number
    defineDataset({ ...declare, projections: [{ state: pages, key: 'page', columns }] });
    // @ts-expect-error there is no such option
    text({ description: '', optinal: true });
  });
});
