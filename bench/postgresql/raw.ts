/**
 * The peers that insert without a server, into the same table with the same indexes and durability:
 * `COPY`, one transaction per batch, which is the ceiling; and plain inserts through a pool of
 * `pg`, one transaction per event. No HTTP, no checks, no rollups, no duplicate check.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Column } from '../../src/core/dataset/column.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { makeCallRows } from '../lib/call-rows.ts';
import { serveParent } from '../lib/child.ts';
import { fromSource } from '../lib/paths.ts';

export interface RawJob {
  readonly url: string;
  readonly way: 'copy' | 'inserts';
  /** How many writers run at the same time. */
  readonly clients: number;
  /** Connections of the pool. */
  readonly connections: number;
  /** Rows in a transaction of `copy`. */
  readonly batch: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const ROWS = 40_000;
const { llmCalls } = await fromSource<typeof import('../../src/declarations/llm/llm-calls.ts')>(
  'declarations/llm/llm-calls.ts',
);
const { columns, table, at } = llmCalls;
const names = columns.map(({ sqlName }) => `"${sqlName}"`).join(', ');

serveParent<RawJob>(run);

async function run({ url, way, clients, connections, batch, warmUpMs, measureMs }: RawJob): Promise<number> {
  const { rows, nextId } = await makeCallRows(ROWS);
  const pool = new pg.Pool({ connectionString: url, max: connections });
  const write = way === 'copy' ? await copier(pool, rows, nextId, batch) : inserter(pool, rows, nextId);
  let written = 0;
  let running = true;
  const all = Promise.all(
    Array.from({ length: clients }, async () => {
      while (running) written += await write();
    }),
  );
  try {
    await Promise.race([pause(warmUpMs), all]);
    const [before, start] = [written, performance.now()];
    await Promise.race([pause(measureMs), all]);
    return ((written - before) / (performance.now() - start)) * 1000;
  } finally {
    running = false;
    await all;
    await pool.end();
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The texts of the rows, apart from their ids, are made before the clock starts. */
async function copier(pool: pg.Pool, rows: readonly Row[], nextId: () => string, batch: number) {
  const name = 'pg-copy-streams';
  const { from } = (await import(name)) as { from: (sql: string) => Writable & pg.Submittable };
  const texts = rows.map((row) => {
    const values = columns.map((column) => (column.index === at.id ? '\0' : copyText(column, row)));
    const [before = '', after = ''] = `${values.join('\t')}\n`.split('\0');
    return { before, after };
  });
  let next = 0;
  return async () => {
    const client = await pool.connect();
    try {
      const stream = client.query(from(`copy ${table} (${names}) from stdin`));
      const done = once(stream, 'finish');
      let text = '';
      for (let row = 0; row < batch; row++) {
        const { before, after } = texts[next++ % texts.length] as (typeof texts)[number];
        text += before + nextId() + after;
      }
      stream.end(text);
      await done;
      return batch;
    } finally {
      client.release();
    }
  };
}

function copyText(column: Column, row: Row): string {
  const value = row[column.index] ?? null;
  if (value === null) return '\\N';
  if (column.kind === 'timestamp') return new Date(Number(value)).toISOString();
  return String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** One prepared statement per connection, the fastest plain way. */
function inserter(pool: pg.Pool, rows: readonly Row[], nextId: () => string) {
  const parameters = columns.map(({ index }) => `$${index + 1}`).join(', ');
  const text = `insert into ${table} (${names}) values (${parameters})`;
  const times = columns.filter(({ kind }) => kind === 'timestamp').map(({ index }) => index);
  let next = 0;
  return async () => {
    const values: unknown[] = [...(rows[next++ % rows.length] as Row)];
    values[at.id] = nextId();
    for (const time of times) if (values[time] !== null) values[time] = new Date(Number(values[time]));
    await pool.query({ name: 'insert', text, values });
    return 1;
  };
}
