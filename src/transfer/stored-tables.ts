import { type SqlBool, sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import { defined } from '../core/defined.ts';
import type { MovedValue, StoredKind } from '../storage/dialect/functions.ts';
import { damagedValue } from '../storage/errors.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { parseStored } from '../storage/stored-json.ts';

/** A table as it is in the database, with what is needed to move its rows to another database. */
export interface StoredShape {
  readonly table: string;
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[];
  readonly columns: readonly StoredColumn[];
}

export interface StoredColumn {
  readonly name: string;
  readonly kind: StoredKind;
  /** The type, as the database calls it. */
  readonly type: string;
}

/** A row in values that are the same on all databases, by the database's column names. */
export type MovedRow = Readonly<Record<string, MovedValue>>;

/** The maximum number of parameters in one statement: SQLite accepts 32,766. */
const MAX_PARAMETERS = 30_000;
/** Tables that triggers fill from other tables. */
const OF_SEARCH = /_search(?:_\w+)?$/;
/** A number that only PostgreSQL has. The database that receives a row assigns a new one. */
const ARRIVAL = 'arrival';

/** All tables with a primary key and rows of their own, by their names. */
export async function readShapes({
  query,
  functions,
}: Pick<Store, 'query' | 'functions'>): Promise<ReadonlyMap<string, StoredShape>> {
  const { rows } = await functions.storedColumns.execute(query);
  const shapes = new Map<string, StoredShape>();
  for (const { table_name: table } of rows) {
    if (shapes.has(table) || OF_SEARCH.test(table)) continue;
    const columns = rows.filter((row) => row.table_name === table && row.column_name !== ARRIVAL);
    const key = columns
      .filter(({ key_position: position }) => position > 0)
      .sort((one, other) => one.key_position - other.key_position);
    if (key.length === 0) continue;
    shapes.set(table, {
      table,
      key: key.map((column) => column.column_name),
      columns: columns.map(({ column_name: name, type }) => ({ name, type, kind: kindOf(type) })),
    });
  }
  return shapes;
}

/** The kinds by a part of the type's name. All other types are texts. */
const KINDS: readonly (readonly [RegExp, StoredKind])[] = [
  [/json/i, 'json'],
  [/bool/i, 'boolean'],
  [/timestamp|datetime/i, 'instant'],
  [/bytea|blob/i, 'bytes'],
  [/int|real|double|float|numeric/i, 'number'],
];

const kindOf = (type: string): StoredKind => KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'text';

/** Which rows of a table to read, in the order of the key. */
export interface RowsWanted {
  readonly limit: number;
  /** The last row before the page. */
  readonly after?: MovedRow | undefined;
  /** Only the rows of a project. */
  readonly projectId?: string | undefined;
}

/** Reads a page of a table in the order of its key. */
export async function readPage(
  query: QueryBuilder,
  shape: StoredShape,
  { limit, after, projectId }: RowsWanted,
): Promise<MovedRow[]> {
  let rows = query.selectFrom(shape.table).select(shape.columns.map(({ name }) => name));
  if (projectId !== undefined) rows = rows.where('project_id', '=', projectId);
  if (after !== undefined) {
    const key = sql.join(shape.key.map((name) => sql.ref(name)));
    const position = sql.join(shape.key.map((name) => after[name]));
    rows = rows.where(sql<boolean>`(${key}) > (${position})`);
  }
  for (const name of shape.key) rows = rows.orderBy(name);
  return (await rows.limit(limit).execute()).map((row) => toMoved(shape, row));
}

/** Reads all rows of a table, or of a project, page by page. */
export async function* readAll(
  store: Pick<Store, 'query' | 'reading'>,
  shape: StoredShape,
  { limit, projectId }: RowsWanted,
): AsyncGenerator<MovedRow[]> {
  let after: MovedRow | undefined;
  for (;;) {
    const rows = await store.reading({ kind: 'LONG' }, () =>
      readPage(store.query, shape, { limit, after, projectId }),
    );
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    after = rows.at(-1);
  }
}

/**
 * The rows of a table that have the keys of other rows, each found through the index of the key.
 */
export async function readSame(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  shape: StoredShape,
  rows: readonly MovedRow[],
): Promise<MovedRow[]> {
  if (rows.length === 0) return [];
  const key = shape.key.map((name) => defined(shape.columns.find((column) => column.name === name)));
  const types = Object.fromEntries(
    key.map(({ name, kind }) => [name, kind === 'number' ? ('integer' as const) : ('text' as const)]),
  );
  const keys = rows.map((row) =>
    Object.fromEntries(key.map(({ name }) => [name, row[name] as string | number])),
  );
  const wanted = query.selectFrom(functions.parameterTable(types, keys).as('wanted'));
  const conditions = key.map(
    ({ name, type }) =>
      sql<SqlBool>`${sql.ref(`stored.${name}`)} = cast(${sql.ref(`wanted.${name}`)} as ${sql.raw(type)})`,
  );
  const found = await functions
    .joinEach(wanted, shape.table, 'stored', conditions)
    .select(shape.columns.map(({ name }) => sql.ref(`stored.${name}`).as(name)))
    .execute();
  return found.map((row) => toMoved(shape, row));
}

/** Makes a row from what a statement has returned. */
export function toMoved({ columns }: StoredShape, row: Readonly<Record<string, unknown>>): MovedRow {
  return Object.fromEntries(columns.map(({ name, kind }) => [name, READERS[kind](row[name] ?? null)]));
}

const READERS: Readonly<Record<StoredKind, (value: unknown) => MovedValue>> = {
  text: (value) => value,
  number: (value) => value,
  boolean: (value) => (typeof value === 'number' ? value !== 0 : value),
  instant: (value) => value,
  // SQLite stores the text of a number as a number in a column of this type.
  json: (value) => (typeof value === 'string' ? parseStored(value) : value),
  bytes: (value) => {
    if (value === null) return null;
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    throw damagedValue('bytes', value);
  },
};

/**
 * Stores rows in the table, many per statement.
 *
 * @param existing what happens to a row whose key already exists
 */
export async function writeRows(
  query: QueryBuilder,
  { parameterOf }: Store['functions'],
  { shape, rows, existing }: RowsWritten,
): Promise<void> {
  const { table, key, columns } = shape;
  const others = columns.filter(({ name }) => !key.includes(name)).map(({ name }) => name);
  const perStatement = Math.max(1, Math.floor(MAX_PARAMETERS / columns.length));
  for (let first = 0; first < rows.length; first += perStatement) {
    const values = rows
      .slice(first, first + perStatement)
      .map((row) =>
        Object.fromEntries(columns.map(({ name, kind }) => [name, parameterOf(kind, row[name] ?? null)])),
      );
    await query
      .insertInto(table)
      .values(values)
      .onConflict((conflict) =>
        existing === 'KEEP' || others.length === 0
          ? conflict.doNothing()
          : conflict
              .columns([...key])
              .doUpdateSet(Object.fromEntries(others.map((name) => [name, sql.ref(`excluded.${name}`)]))),
      )
      .execute();
  }
}

export interface RowsWritten {
  readonly shape: StoredShape;
  readonly rows: readonly MovedRow[];
  readonly existing: 'KEEP' | 'REPLACE';
}

/** The key of a row as one text. */
export const keyOf = ({ key }: StoredShape, row: MovedRow): string =>
  JSON.stringify(key.map((name) => row[name]));

/**
 * An event in the form in which it is appended: in the order of the columns, with JSON and lists as
 * text.
 */
export function toEvent({ columns }: Dataset, row: MovedRow): Row {
  return columns.map(({ sqlName, kind }) => {
    const value = row[sqlName] ?? null;
    const isJson = kind === 'json' || kind === 'texts';
    return (isJson && value !== null ? JSON.stringify(value) : value) as Row[number];
  });
}
