import { expect, it } from 'vitest';
import { type Columns, ColumnsUnavailable } from '../../src/columns/columns.ts';
import { createColumnsQuery } from '../../src/columns/query.ts';
import { isOneOf } from '../../src/core/build-filter.ts';
import { columnOf } from '../../src/core/dataset/table.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import type { ListScope } from '../../src/lists/list-page.ts';
import { createLists } from '../../src/lists/lists.ts';
import type { Page } from '../../src/lists/page.ts';
import { createHorizonReader, raiseHorizons } from '../../src/storage/horizons.ts';
import { useColumns } from '../analytics/support/columns-of-tests.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { llmCall, uuidOf } from '../analytics/support/sample.ts';
import { describeEachDatabase } from '../support/databases.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-05T00:00:00Z');
const PROBE_ROWS = 10;

/** Call number n took n milliseconds, n minutes after the start; every tenth belongs to ada. */
const callNumber = (number: number) =>
  llmCall({
    ...{ id: uuidOf(number), timestamp: START + number * 60_000, latencyMs: number },
    endUser: number % 10 === 0 ? 'ada' : 'bob',
    model: number % 2 === 0 ? 'even' : 'odd',
  });
const NUMBERS = Array.from({ length: 60 }, (_, index) => index);

const pageBy = (field: 'timestamp' | 'latencyMs', changes: Partial<Page> = {}): Page => ({
  ...{ order: { column: columnOf(llmCalls, field), direction: 'desc' } },
  ...{ limit: 3, backward: false, after: null, before: null },
  ...changes,
});
const ADA = isOneOf('endUser', ['ada']);
const BOB = isOneOf('endUser', ['bob']);

describeEachDatabase('lists with a columnar copy', (database) => {
  const opened = useStore(database);
  const copy = useColumns();

  async function projectWith(numbers: readonly number[]): Promise<string> {
    const projectId = opened.newProject();
    const rows = numbers.map(callNumber).map((row) => row.with(llmCalls.at.projectId, projectId));
    await opened.append(projectId, llmCalls, rows);
    await copy.append(llmCalls, rows);
    return projectId;
  }

  function open(changes: Partial<Columns> = {}) {
    const seen = { caughtUp: 0, warnings: [] as string[] };
    const columns: Columns = {
      ...copy,
      async catchUp(dataset) {
        seen.caughtUp++;
        return (changes.catchUp ?? copy.catchUp)(dataset);
      },
      ...(changes.query && { query: changes.query }),
      ...(changes.holds && { holds: changes.holds }),
    };
    const { store } = opened;
    const log = { warn: (_: object, message: string) => void seen.warnings.push(message) };
    const lists = createLists({
      ...{ store, horizons: createHorizonReader(store.query), probeRows: PROBE_ROWS },
      columns: { copy: columns, log },
    });
    const numbersOf = async (scope: ListScope, page: Page) => {
      const { rows, hasNextPage } = await lists.findPage(scope, page, [columnOf(llmCalls, 'latencyMs')]);
      return [rows.map(({ row }) => row['latencyMs']), hasNextPage];
    };
    return { lists, seen, numbersOf };
  }

  const scopeOf = (projectId: string, filter: ListScope['filter'] = null): ListScope => ({
    ...{ table: llmCalls, projectId, filter },
  });

  it('read the copy if no index leads to the rows and there are many', async () => {
    const { lists, seen, numbersOf } = open();
    const project = await projectWith(NUMBERS);
    const asks = async (work: () => Promise<unknown>) => {
      const before = seen.caughtUp;
      const found = await work();
      return [found, seen.caughtUp - before];
    };
    const all = scopeOf(project);
    expect(await asks(() => numbersOf(all, pageBy('latencyMs')))).toEqual([[[59, 58, 57], true], 1]);
    expect(await asks(() => lists.countRows(all))).toEqual([60, 1]);
    expect(await asks(() => lists.countRows(scopeOf(project, ADA)))).toEqual([6, 1]);
    // Two of the last ten rows are not enough for a page.
    expect(await asks(() => numbersOf(scopeOf(project, ADA), pageBy('timestamp')))).toEqual([
      [[50, 40, 30], true],
      1,
    ]);
  });

  it('read the rows if an index leads to them, or if there are few', async () => {
    const { lists, seen, numbersOf } = open();
    const [project, small] = [await projectWith(NUMBERS), await projectWith(NUMBERS.slice(0, 9))];
    expect(await numbersOf(scopeOf(project), pageBy('timestamp'))).toEqual([[59, 58, 57], true]);
    expect(await numbersOf(scopeOf(project, isOneOf('model', ['even'])), pageBy('timestamp'))).toEqual([
      [58, 56, 54],
      true,
    ]);
    // The page is within the last ten rows.
    expect(await numbersOf(scopeOf(project, BOB), pageBy('timestamp'))).toEqual([[59, 58, 57], true]);
    const cursor = { id: uuidOf(31), value: START + 31 * 60_000 };
    expect(await numbersOf(scopeOf(project, BOB), pageBy('timestamp', { after: cursor }))).toEqual([
      [29, 28, 27],
      true,
    ]);
    const backward = { backward: true, before: cursor };
    expect(await numbersOf(scopeOf(project, BOB), pageBy('timestamp', backward))).toEqual([
      [34, 33, 32],
      true,
    ]);
    expect(await numbersOf(scopeOf(small), pageBy('latencyMs'))).toEqual([[8, 7, 6], true]);
    expect(await numbersOf(scopeOf(small, ADA), pageBy('timestamp'))).toEqual([[0], false]);
    expect(await lists.countRows(scopeOf(small))).toBe(9);
    expect(await lists.countRows(scopeOf(small, BOB))).toBe(8);
    const byId = isOneOf('id', [uuidOf(3), uuidOf(4)]);
    expect(await lists.countRows(scopeOf(project, byId))).toBe(2);
    expect(await numbersOf(scopeOf(project, byId), pageBy('latencyMs'))).toEqual([[4, 3], false]);
    expect(seen.caughtUp).toBe(0);
  });

  it('count each of many lists', async () => {
    const { lists, seen } = open();
    const project = await projectWith(NUMBERS);
    const wanted = { ...scopeOf(project), column: 'model', values: ['even', 'odd', 'none'] };
    const counts = new Map([
      ['even', 30],
      ['odd', 30],
    ]);
    expect(await lists.countEach(wanted)).toEqual(counts);
    expect(await lists.countEach({ ...wanted, filter: ADA })).toEqual(new Map([['even', 6]]));
    expect(seen.caughtUp).toBe(2);
  });

  it('read the rows if the copy is behind, fails, or lacks a column', async () => {
    const project = await projectWith(NUMBERS);
    const broken = createColumnsQuery(() => Promise.reject(new ColumnsUnavailable('the columns broke')));
    const check = async ({ lists, numbersOf }: ReturnType<typeof open>) => {
      expect(await numbersOf(scopeOf(project, ADA), pageBy('timestamp'))).toEqual([[50, 40, 30], true]);
      expect(await numbersOf(scopeOf(project), pageBy('latencyMs'))).toEqual([[59, 58, 57], true]);
      expect(await lists.countRows(scopeOf(project, ADA))).toBe(6);
      const each = { ...scopeOf(project), column: 'model', values: ['even'] };
      expect(await lists.countEach(each)).toEqual(new Map([['even', 30]]));
    };
    const behind = open({ catchUp: async () => 'the columns are 7 events behind', query: broken });
    await check(behind);
    expect(behind.seen).toEqual({ caughtUp: 4, warnings: [] });
    const failing = open({ query: broken });
    await check(failing);
    expect(failing.seen.warnings).toEqual(['The columns could not answer, so rows or cells did']);
    const lacking = open({ holds: () => false, query: broken });
    await check(lacking);
    expect(lacking.seen).toEqual({ caughtUp: 0, warnings: [] });
  });

  it('report errors that do not come from the copy', async () => {
    const stopped = createColumnsQuery(() => Promise.reject(new Error('stopped')));
    const { lists } = open({ query: stopped });
    const scope = scopeOf(await projectWith(NUMBERS));
    await expect(lists.countRows(scope)).rejects.toThrow('stopped');
  });

  it('omit removed rows that the copy still has, and rows before the horizon', async () => {
    const { lists, numbersOf } = open();
    const project = await projectWith(NUMBERS);
    const remove = (column: string, ids: readonly string[]) =>
      opened.store.exclusively((transaction) =>
        transaction
          .deleteFrom(llmCalls.table)
          .where('project_id', '=', project)
          .where(column, 'in', ids)
          .execute(),
      );
    await remove('id', [uuidOf(58)]);
    expect(await numbersOf(scopeOf(project), pageBy('latencyMs'))).toEqual([[59, 57], true]);

    const late = callNumber(61)
      .with(llmCalls.at.projectId, project)
      .with(llmCalls.at.timestamp, START)
      .with(llmCalls.at.receivedAt, START + 2 * DAY);
    await opened.append(project, llmCalls, [late]);
    await copy.append(llmCalls, [late]);
    await opened.store.exclusively((transaction) =>
      raiseHorizons(transaction, { projectId: project, dataset: llmCalls }, [
        { source: 'RAW', instant: START + DAY },
      ]),
    );
    // All rows are before the horizon, except the one that was received after it.
    expect(await lists.countRows(scopeOf(project))).toBe(1);
    expect(await numbersOf(scopeOf(project), pageBy('latencyMs'))).toEqual([[61], false]);
  });
});
