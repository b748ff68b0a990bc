import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '../../storage/store.ts';
import { keyOf, type MovedRow, readAll, readSame, type StoredShape, writeRows } from '../stored-tables.ts';

/** The same table in two databases. */
export interface TablePair {
  readonly source: Store;
  readonly target: Store;
  readonly shape: StoredShape;
  /** The table as it is in the target. */
  readonly targetShape: StoredShape;
}

const ROWS_PER_PAGE = 1_000;

/**
 * Makes the rows of the target equal those of the source. Reads all rows of both, and writes the
 * differences.
 *
 * @returns how many rows were written or removed
 */
export async function copyTable(pair: TablePair): Promise<number> {
  const { source, shape } = pair;
  let changed = 0;
  for await (const rows of readAll(source, shape, { limit: ROWS_PER_PAGE }))
    changed += await copyRows(pair, rows);
  return changed + (await removeOthers(pair));
}

/**
 * Makes rows of the target equal those of the source with the same keys.
 *
 * @returns how many were written
 */
export async function copyRows(
  { target, shape, targetShape }: TablePair,
  rows: readonly MovedRow[],
): Promise<number> {
  const there = new Map(
    (await readSame(target, targetShape, rows)).map((row) => [keyOf(targetShape, row), textOf(row)]),
  );
  const other = rows.filter((row) => there.get(keyOf(shape, row)) !== textOf(row));
  if (other.length === 0) return 0;
  await target.exclusively((transaction) =>
    writeRows(transaction, target.functions, { shape: targetShape, rows: other, existing: 'REPLACE' }),
  );
  return other.length;
}

/** Removes rows of the target that the source does not have, or no longer has. */
export async function removeOthers(pair: TablePair): Promise<number> {
  const { source, target, shape, targetShape } = pair;
  const [ofSource, ofTarget] = await Promise.all([count(source, shape), count(target, targetShape)]);
  if (ofTarget <= ofSource) return 0;
  let removed = 0;
  for await (const rows of readAll(target, targetShape, { limit: ROWS_PER_PAGE })) {
    const kept = new Set((await readSame(source, shape, rows)).map((row) => keyOf(shape, row)));
    const gone = rows.filter((row) => !kept.has(keyOf(targetShape, row)));
    if (gone.length === 0) continue;
    await target.exclusively(async (transaction) => {
      for (const row of gone) {
        let removal = transaction.deleteFrom(targetShape.table);
        for (const name of targetShape.key) removal = removal.where(name, '=', row[name]);
        await removal.execute();
      }
    });
    removed += gone.length;
  }
  return removed;
}

/** The contents of a table, whatever the order of its rows. */
export interface Fingerprint {
  readonly rows: number;
  /** The sum of the hashes of all rows, in hexadecimal; null: only the rows were counted. */
  readonly checksum: string | null;
}

/** Counts the rows of a table; with `checksum`, reads all of them. */
export async function fingerprint(
  store: Store,
  shape: StoredShape,
  { checksum }: { readonly checksum: boolean },
): Promise<Fingerprint> {
  if (!checksum) return { rows: await count(store, shape), checksum: null };
  let rows = 0;
  let sum = 0n;
  for await (const page of readAll(store, shape, { limit: ROWS_PER_PAGE })) {
    rows += page.length;
    for (const row of page) sum += createHash('sha256').update(textOf(row)).digest().readBigUInt64BE();
  }
  return { rows, checksum: BigInt.asUintN(64, sum).toString(16).padStart(16, '0') };
}

async function count(store: Store, { table }: StoredShape): Promise<number> {
  const counted = await store.reading({ kind: 'LONG' }, () =>
    store.query.selectFrom(table).select(sql<number>`count(*)`.as('rows')).executeTakeFirstOrThrow(),
  );
  return Number(counted['rows']);
}

/**
 * A row as text that is the same on all databases. PostgreSQL does not keep the order of JSON
 * members.
 */
const textOf = (row: MovedRow): string => JSON.stringify(sorted(row));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
