/**
 * Peer (a): prepared inserts with better-sqlite3 into the same table, one transaction per batch.
 * Indexes, page size, caches and durability (WAL, synchronous=FULL) are the same. No server, no
 * checks, no rollups.
 */
import { randomUUID } from 'node:crypto';
import { makeCallRows } from '../lib/call-rows.ts';
import { serveParent } from '../lib/child.ts';
import { fromSource } from '../lib/paths.ts';
import { openInserts, type StoredValue } from './prepared-inserts.ts';

export interface RawJob {
  readonly file: string;
  readonly batch: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly ids: 'server' | 'random';
  /** A statement that creates one more index. */
  readonly extraIndex: string | null;
}

const ROWS = 40_000;

serveParent<RawJob>(run);

async function run({ file, batch, warmUpMs, measureMs, ids, extraIndex }: RawJob): Promise<number> {
  const { llmCalls } = await fromSource<typeof import('../../src/declarations/llm/llm-calls.ts')>(
    'declarations/llm/llm-calls.ts',
  );
  const made = await makeCallRows(ROWS);
  const nextId = ids === 'random' ? randomUUID : made.nextId;
  const rows = made.rows.map((row) =>
    row.map((value) => (typeof value === 'boolean' ? Number(value) : value)),
  );

  const inserts = await openInserts(file, extraIndex);
  const idAt = llmCalls.at.id;
  let next = 0;
  function* nextBatch() {
    for (let index = 0; index < batch; index++) {
      const row = rows[next++ % ROWS] as StoredValue[];
      row[idAt] = nextId();
      yield row;
    }
  }

  const insertFor = (milliseconds: number): number => {
    const start = performance.now();
    let count = 0;
    let elapsed = 0;
    while (elapsed < milliseconds) {
      inserts.insert(nextBatch());
      count += batch;
      elapsed = performance.now() - start;
    }
    return (count / elapsed) * 1000;
  };
  insertFor(warmUpMs);
  const rate = insertFor(measureMs);
  inserts.close();
  return rate;
}
