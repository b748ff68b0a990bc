import { sql } from 'kysely';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import type { MigrationConnection } from '../../../src/storage/migration-connection.ts';
import type { Store } from '../../../src/storage/store.ts';
import { callRow, type Values } from './calls.ts';

/** The number of values in a writer slot of PostgreSQL; SQLite has one writer. */
const NUMBERS_PER_SLOT = 2 ** 43;

export interface Numbered {
  readonly id: string;
  readonly arrival: number;
}

/** The calls with numbers, in order of arrival. */
export async function numberedCalls(store: Store, after = 0, before = Infinity): Promise<Numbered[]> {
  const arrival = sql<number>`${sql.ref(store.dialect === 'sqlite' ? 'rowid' : 'arrival')}`;
  const end = Math.min(before, Number.MAX_SAFE_INTEGER);
  return store.query
    .selectFrom(llmCalls.table)
    .select(['id', arrival.as('arrival')])
    .where(sql<boolean>`${arrival} > ${sql.lit(after)} and ${arrival} < ${sql.lit(end)}`)
    .orderBy(arrival)
    .execute() as Promise<Numbered[]>;
}

export interface Last {
  readonly dataset: string;
  readonly writer: number;
  readonly last: number;
}

export function lastArrivals(store: Store): Promise<Last[]> {
  return store.query.selectFrom('arrivals').selectAll().orderBy('dataset').execute() as Promise<Last[]>;
}

/** Reads new calls as a copy of the events does: it keeps one position per writer. */
export function createFollower(store: Store): { readonly ids: string[]; follow(): Promise<void> } {
  const positions = new Map<number, number>();
  const ids: string[] = [];
  return {
    ids,
    async follow() {
      for (const { dataset, writer } of await lastArrivals(store)) {
        if (dataset !== llmCalls.name) continue;
        const first = writer * NUMBERS_PER_SLOT;
        const position = positions.get(writer) ?? first;
        const rows = await numberedCalls(store, position, first + NUMBERS_PER_SLOT);
        ids.push(...rows.map(({ id }) => id));
        positions.set(writer, rows.at(-1)?.arrival ?? position);
      }
    },
  };
}

/** Inserts a call like another tool, or an older version: without a number. */
export async function insertForeignCall(connection: MigrationConnection, values: Values): Promise<void> {
  const isSqlite = connection.dialect === 'sqlite';
  const row = callRow(values);
  const given = llmCalls.columns.filter(({ index }) => row[index] !== null);
  const parameters = given.map(({ index, kind }) => {
    const value = row[index];
    if (typeof value === 'boolean') return isSqlite ? Number(value) : value;
    return kind === 'timestamp' && !isSqlite ? new Date(Number(value)) : value;
  });
  const names = given.map(({ sqlName }) => `"${sqlName}"`).join(', ');
  const placeholders = given.map((_, index) => (isSqlite ? '?' : `$${index + 1}`)).join(', ');
  await connection.query(`insert into llm_calls (${names}) values (${placeholders})`, parameters);
}
