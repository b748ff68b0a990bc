import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { callGroup, callRow, idOf, NOON, rowOf } from './support/calls.ts';
import { countCalls, useStores } from './support/stores.ts';

describeEachDatabase('append', (database) => {
  const stores = useStores(database);

  test('stores every column as it was sent', async () => {
    const store = await stores.open();
    const full = callRow({
      service: 'checkout',
      requestId: 'request-1',
      endUser: 'Zoë 😀 "quoted" \\ {a,b}',
      success: false,
      statusCode: 500,
      errorMessage: 'line one\nline two\tNULL',
      cost: 9_000_000_000_000_000,
      latencyMs: 0.1 + 0.2,
      temperature: 0.7,
      attributes: '{"nested":{"list":[1,"two",null]}}',
    });
    const sparse = callRow({ cost: null, errorMessage: '' });
    await store.append([callGroup(full, sparse)]);

    for (const row of [full, sparse]) {
      const stored = await store.query
        .selectFrom(llmCalls.table)
        .selectAll()
        .where('id', '=', row[llmCalls.at.id])
        .executeTakeFirstOrThrow();
      const values = llmCalls.columns.map((column) => {
        const value = stored[column.sqlName];
        if (value === null) return null;
        if (column.kind === 'boolean') return Boolean(value);
        return column.kind === 'json' ? JSON.stringify(JSON.parse(value)) : value;
      });
      expect(values).toEqual(row);
    }
  });

  test('stores rows of long lists, no matter which columns have values in a list', async () => {
    const store = await stores.open();
    const texts = llmCalls.columns.filter(({ kind, optional }) => kind === 'text' && optional);
    // The last list has values in the same columns as the first one, whose statement has been
    // evicted meanwhile.
    const patterns = [...Array(18).keys()].map((list) =>
      texts.filter((_, at) => ((list % 17) >> (at % 5)) & 1),
    );
    const lists = patterns.map((columns, pattern) =>
      Array.from({ length: 160 }, (_, row) =>
        callRow(
          Object.fromEntries(columns.map(({ name }, at) => [name, (row + at) % 3 ? `${pattern}` : null])),
        ),
      ),
    );
    for (const rows of lists) await store.append([callGroup(...rows)]);

    const names = ['id', ...texts.map(({ sqlName }) => sqlName)];
    const indexes = names.map((name) => llmCalls.columns.findIndex(({ sqlName }) => sqlName === name));
    const stored = await store.query.selectFrom(llmCalls.table).select(names).orderBy('id').execute();
    const given = lists.flat().map((row) => indexes.map((index) => row[index]));
    expect(stored.map((row) => names.map((name) => row[name]))).toEqual(
      given.sort(([one], [other]) => (`${one}` < `${other}` ? -1 : 1)),
    );
  });

  test('returns which rows are new, and counts no row twice', async () => {
    const store = await stores.open();
    const [a, b, c] = [callRow(), callRow(), callRow()];
    expect(await store.append([callGroup(a, b, a)])).toEqual([{ fresh: [[true, true, false]] }]);
    expect(await store.append([callGroup(b, c), callGroup(c, a)])).toEqual([
      { fresh: [[false, true]] },
      { fresh: [[false, false]] },
    ]);
    expect(await countCalls(store)).toEqual({ rows: 3, rolledUp: 3 });
  });

  test('stores long rows, which arrive in several texts', async () => {
    const store = await stores.open();
    const text = 'at café '.repeat(3_000);
    const rows = Array.from({ length: 70 }, (_, number) => callRow({ errorMessage: `${number} ${text}` }));
    const again = rows.slice(7, 8);
    const [result] = await store.append([callGroup(...rows.slice(0, 60), ...again, ...rows.slice(60))]);
    expect(result?.fresh[0]?.flatMap((isNew, index) => (isNew ? [] : [index]))).toEqual([60]);
    const stored = await store.query
      .selectFrom(llmCalls.table)
      .select('error_message')
      .where('id', 'in', rows.map(idOf))
      .orderBy('error_message')
      .execute();
    const numbers = rows.map((_, number) => String(number)).sort();
    expect(stored.map(({ error_message }) => error_message)).toEqual(
      numbers.map((number) => `${number} ${text}`),
    );
  });

  test('keeps the first of several rows with the same id', async () => {
    const store = await stores.open();
    const id = randomUUID();
    await store.append([
      callGroup(callRow({ id, model: 'first' })),
      callGroup(callRow({ id, model: 'second' })),
    ]);
    const models = await store.query.selectFrom(llmCalls.table).select('model').execute();
    expect(models).toEqual([{ model: 'first' }]);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
  });

  test('treats the same id in two projects as two events', async () => {
    const store = await stores.open();
    const id = randomUUID();
    const groups = ['one', 'two'].map((projectId) => callGroup(callRow({ id, projectId })));
    expect(await store.append(groups)).toEqual([{ fresh: [[true]] }, { fresh: [[true]] }]);
  });

  test('counts each event once when calls race', async () => {
    const store = await stores.open();
    const rows = Array.from({ length: 40 }, (_, index) => callRow({ timestamp: NOON + index * 1000 }));
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, caller) => store.append([callGroup(...rotate(rows, caller * 5))])),
    );
    const fresh = results.flatMap((groups) => groups.flatMap((group) => group.fresh.flat()));
    expect(fresh.filter(Boolean)).toHaveLength(rows.length);
    expect(await countCalls(store)).toEqual({ rows: rows.length, rolledUp: rows.length });
  });

  test('counts each event once when instances race', async () => {
    const url = await stores.createUrl();
    const instances = [await stores.open(url), await stores.open(url), await stores.open(url)];
    const rows = Array.from({ length: 60 }, (_, index) => callRow({ timestamp: NOON + index * 1000 }));
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, caller) => {
        const group = callGroup(...rotate(rows, caller * 7), callRow({ timestamp: NOON + caller }));
        return (instances[caller % instances.length] as (typeof instances)[0]).append([group]);
      }),
    );
    const fresh = results.flatMap((groups) => groups.flatMap((group) => group.fresh.flat()));
    expect(fresh.filter(Boolean)).toHaveLength(rows.length + 12);
    expect(await countCalls(instances[0] as (typeof instances)[0])).toEqual({ rows: 72, rolledUp: 72 });
    expect((await verifyRollups(instances[1] as (typeof instances)[0], llmCalls)).differences).toEqual([]);
  });

  test('stores a group of several datasets together or not at all', async () => {
    const store = await stores.open();
    const log = rowOf(errorLogs, {
      projectId: 'default',
      id: randomUUID(),
      timestamp: NOON,
      receivedAt: NOON,
      errorType: 'Timeout',
      errorMessage: 'too late',
      severity: 'ERROR',
      fingerprint: '0123456789abcdef',
    });
    const broken = log.with(errorLogs.at.errorType, null);
    const call = callRow();
    const group = (errors: typeof log) => ({
      parts: [
        { dataset: llmCalls, rows: [call] },
        { dataset: errorLogs, rows: [errors] },
      ],
    });
    await expect(store.append([callGroup(callRow()), group(broken)])).rejects.toThrow(/null/i);
    expect(await countCalls(store)).toEqual({ rows: 0, rolledUp: 0 });
    expect(await store.append([group(log)])).toEqual([{ fresh: [[true], [true]] }]);
    expect((await verifyRollups(store, errorLogs)).differences).toEqual([]);
  });

  test('accepts a group without rows', async () => {
    const store = await stores.open();
    expect(await store.append([callGroup(), { parts: [] }])).toEqual([{ fresh: [[]] }, { fresh: [] }]);
    expect(await store.append([])).toEqual([]);
  });
});

function rotate<Value>(values: readonly Value[], by: number): Value[] {
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}
