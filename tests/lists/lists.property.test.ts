import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { columnOf } from '../../src/core/dataset/table.ts';
import type { Filter } from '../../src/core/filter.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import type { ListScope } from '../../src/lists/list-page.ts';
import { createLists, type Lists } from '../../src/lists/lists.ts';
import { type ListOrder, type Page, type Position, sortableColumns } from '../../src/lists/page.ts';
import { createHorizonReader } from '../../src/storage/horizons.ts';
import { useColumns } from '../analytics/support/columns-of-tests.ts';
import { rowsOf, storedRows, type Window, windows } from '../analytics/support/events.ts';
import { filtersOver } from '../analytics/support/filters.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { describeEachDatabase } from '../support/databases.ts';

/** A list, and the way in which it is read. */
interface Asked {
  readonly filter: Filter | null;
  readonly order: ListOrder;
  readonly limit: number;
  readonly backward: boolean;
  /** The number of rows that are checked before the columnar copy is read. */
  readonly probeRows: number;
}

const DATASETS = { llmCalls, errorLogs };

const askedOf = (dataset: Dataset, window: Window): fc.Arbitrary<Asked> =>
  fc.record({
    filter: fc.option(filtersOver(dataset.columns, window), { freq: 3 }),
    order: fc.record({
      column: fc.oneof(
        fc.constant(columnOf(dataset, 'timestamp')),
        fc.constantFrom(...sortableColumns(dataset)),
      ),
      direction: fc.constantFrom('asc', 'desc'),
    }),
    limit: fc.integer({ min: 2, max: 8 }),
    backward: fc.boolean(),
    probeRows: fc.constantFrom(1, 3, 10),
  });

const cases = fc
  .tuple(fc.constantFrom<keyof typeof DATASETS>('llmCalls', 'errorLogs'), windows)
  .chain(([name, window]) =>
    fc.record({
      name: fc.constant(name),
      rows: fc.array(rowsOf(DATASETS[name], window), { minLength: 1, maxLength: 24, size: 'max' }),
      asked: fc.array(askedOf(DATASETS[name], window), { minLength: 2, maxLength: 4 }),
    }),
  );

/** All pages of a list, one after the other. */
async function walk(lists: Lists, scope: ListScope, asked: Asked): Promise<unknown[]> {
  const { order, limit, backward } = asked;
  const columns = [columnOf(scope.table, 'timestamp'), columnOf(scope.table, 'requestId')];
  const pages: unknown[] = [];
  for (let cursor: Position | null = null; ; ) {
    const page: Page = {
      ...{ order, limit, backward },
      after: backward ? null : cursor,
      before: backward ? cursor : null,
    };
    const { rows, ...more } = await lists.findPage(scope, page, columns);
    const shown = rows.map(({ position, row }) => [position, row.id, row['timestamp'], row['requestId']]);
    pages.push({ shown, ...more });
    expect(pages.length, 'pages without an end').toBeLessThan(100);
    if (!(backward ? more.hasPreviousPage : more.hasNextPage)) return pages;
    cursor = rows.at(backward ? 0 : -1)?.position ?? null;
  }
}

describeEachDatabase('lists by columns', (database) => {
  const opened = useStore(database);
  const copy = useColumns();

  it('equal those of the rows: pages in any order and direction, and counts', async () => {
    let asked = 0;
    const query = copy.query.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: ({ result }) => {
        asked++;
        return Promise.resolve(result);
      },
    });
    const columns = {
      copy: { ...copy, query },
      log: { warn: (_: object, message: string) => expect.unreachable(message) },
    };
    await fc.assert(
      fc.asyncProperty(cases, async ({ name, rows, asked: several }) => {
        const dataset = DATASETS[name];
        const projectId = opened.newProject();
        await opened.append(projectId, dataset, rows);
        const stored = storedRows(dataset, rows).map((row: Row) => row.with(dataset.at.projectId, projectId));
        await copy.append(dataset, stored);
        const { store } = opened;
        const horizons = createHorizonReader(store.query);
        const byRows = createLists({ store, horizons });
        for (const one of several) {
          const lists = createLists({ store, horizons, columns, probeRows: one.probeRows });
          const scope = { table: dataset, projectId, filter: one.filter };
          expect(await walk(lists, scope, one)).toEqual(await walk(byRows, scope, one));
          expect(await lists.countRows(scope)).toBe(await byRows.countRows(scope));
          const values = [...new Set(stored.map((row) => String(row[dataset.at['requestId'] as number])))];
          const each = { ...scope, column: 'requestId', values };
          expect(await lists.countEach(each)).toEqual(await byRows.countEach(each));
        }
      }),
      { numRuns: 15 },
    );
    expect(asked, 'statements of the columns').toBeGreaterThan(50);
  });
});
