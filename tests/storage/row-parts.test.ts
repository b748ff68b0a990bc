import { expect, it } from 'vitest';
import { createPool } from '../../src/storage/dialect/sqlite/pool.ts';
import { runStoppable } from '../../src/storage/dialect/sqlite/read.ts';
import { fromParts, toObjects, toParts } from '../../src/storage/row-parts.ts';
import { describeOnlyOn } from '../support/databases.ts';

const rows = Array.from({ length: 3_500 }, (_, row) => [
  row,
  `row ${row}`,
  null,
  BigInt(row),
  Buffer.of(row),
]);

function countTurns() {
  const turns: number[] = [];
  return {
    turns,
    pass: async (microseconds: number) => {
      turns.push(microseconds);
    },
  };
}

it('many rows arrive in parts, each of which is read in its turn', async () => {
  const { parts, ...sent } = toParts(rows);
  expect([sent.rows.length, parts?.length]).toEqual([1_000, 3]);
  const { turns, pass } = countTurns();
  const found = await fromParts(structuredClone({ ...sent, ...(parts && { parts }) }), pass);
  expect(turns).toEqual([1_000, 1_000, 1_000]);
  expect(found.map((row) => row.slice(0, 4))).toEqual(rows.map((row) => row.slice(0, 4)));
  expect(found[3_499]?.[4]).toEqual(Buffer.of(3_499));
});

it('few rows arrive as they are, and wait for no turn', async () => {
  const few = rows.slice(0, 1_000);
  const { turns, pass } = countTurns();
  expect(toParts(few)).toEqual({ rows: few });
  expect(await fromParts(toParts(few), pass)).toBe(few);
  expect(await toObjects({ columns: ['n'], rows: few }, pass)).toHaveLength(1_000);
  expect(turns).toEqual([]);
});

it('a caller that gives up while its rows wait does not stop what the thread does for others', async () => {
  let stops = 0;
  const thread = {
    request: async <Value>() => ({ columns: ['n'], ...toParts(rows), changes: 0 }) as Value,
    stop: () => void stops++,
    close: async () => {},
  };
  const controller = new AbortController();
  let waits = () => {};
  const waiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const pass = () => {
    waits();
    return new Promise<void>(() => {});
  };
  const statement = { kind: 'statement', sql: 'select n', parameters: [] } as const;
  const { result } = runStoppable(thread, statement, { signal: controller.signal, meter: null, pass });
  await waiting;
  controller.abort(new Error('enough'));
  await expect(result).rejects.toThrow('enough');
  expect(stops).toBe(0);
});

describeOnlyOn('sqlite', 'a statement with many rows', (database) => {
  it('answers with all of them in turns: outside of a transaction, within one, and from the writer', async () => {
    const file = (await database.createMigratedUrl()).slice('file:'.length);
    const { turns, pass } = countTurns();
    const onProblem = (error: Error) => {
      throw error;
    };
    const pool = await createPool({
      file,
      datasets: [],
      readers: 1,
      transactionIdleMs: 10_000,
      onProblem,
      pass,
    });
    const numbers = `with recursive c (n) as (select 1 union all select n + 1 from c where n < 2500) select n from c`;
    const statement = { kind: 'statement', sql: numbers, parameters: [] } as const;
    const session = await pool.begin('read');
    const expected = Array.from({ length: 2_500 }, (_, index) => [index + 1]);
    expect((await session.run(statement)).rows).toEqual(expected);
    await session.finish('commit');
    expect((await pool.run(statement)).rows).toEqual(expected);
    expect((await pool.run({ ...statement, sql: `/* to the writer */ ${numbers}` })).rows).toEqual(expected);
    expect(turns).toHaveLength(6);
    await pool.close();
  });
});
