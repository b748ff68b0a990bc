import { type Column, type ColumnKind, isWide } from '../../../src/core/dataset/column.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import type { EntityTable } from '../../../src/core/dataset/table.ts';
import type { Dialect } from '../../../src/storage/store.ts';
import type { Described, FoundTable } from './read-table.ts';

/**
 * The number of an event in the order in which events were stored. On SQLite that is the rowid, and
 * there is no column.
 */
const ARRIVAL: Described = { name: 'arrival', type: 'bigint', optional: true };

/** The column type for each kind of value, in the names of the databases. */
const STORED_AS: Readonly<Record<Dialect, Readonly<Record<ColumnKind, string>>>> = {
  sqlite: {
    uuid: 'text',
    text: 'text',
    enum: 'text',
    integer: 'integer',
    float: 'real',
    money: 'bigint',
    boolean: 'boolean',
    timestamp: 'datetime',
    duration: 'text',
    json: 'jsonb',
    texts: 'jsonb',
  },
  postgresql: {
    uuid: 'uuid',
    text: 'text',
    enum: 'text',
    integer: 'integer',
    float: 'double precision',
    money: 'bigint',
    boolean: 'boolean',
    timestamp: 'timestamp with time zone',
    duration: 'text',
    json: 'jsonb',
    texts: 'jsonb',
  },
};

/** The type of the field in the Prisma model. */
const MODELLED_AS: Readonly<Record<ColumnKind, string>> = {
  uuid: 'String',
  text: 'String',
  enum: 'String',
  integer: 'Int',
  float: 'Float',
  money: 'BigInt',
  boolean: 'Boolean',
  timestamp: 'DateTime',
  duration: 'String',
  json: 'Json',
  texts: 'Json',
};

/** Prisma's description of a model. */
export interface Model {
  readonly fields: readonly { readonly name: string; readonly type: string; readonly isRequired: boolean }[];
}

/**
 * The differences between a table and its declaration, as sentences that say what to do. Empty if
 * there are none.
 */
export function tableProblems(declared: EntityTable, found: FoundTable, dialect: Dialect): string[] {
  const { table, kind } = declared;
  if (found.columns.length === 0) return [`no migration makes the table ${table}`];
  const key = found.primaryKey.join(', ');
  const columns = columnsOf(declared, 'sqlName', STORED_AS[dialect]);
  const numbers = dialect === 'postgresql' && kind === 'event' ? [ARRIVAL] : [];
  return [
    ...differences(`the table ${table}`, [...columns, ...numbers], found.columns),
    // The key identifies events that are sent again.
    ...(key === 'project_id, id'
      ? []
      : [`the primary key of ${table} is (${key}), not (project_id, id): @@id([projectId, id])`]),
  ];
}

/** The indexes that reading every dataset needs and that its table lacks. */
export function indexProblems(
  { table, belongsToRequest }: Pick<Dataset, 'table' | 'belongsToRequest'>,
  { indexes }: FoundTable,
  dialect: Dialect,
): string[] {
  const lacks = (...wanted: string[]) =>
    !indexes.some((columns) => wanted.every((column, position) => columns[position] === column));
  return [
    ...(lacks('project_id', 'timestamp')
      ? [`${table} lacks an index on (project_id, timestamp): @@index([projectId, timestamp])`]
      : []),
    ...(belongsToRequest && lacks('project_id', 'request_id')
      ? [`${table} lacks an index on (project_id, request_id): @@index([projectId, requestId])`]
      : []),
    ...(dialect === 'postgresql' && lacks('arrival')
      ? [`${table} lacks an index on (arrival): @@index([arrival], where: raw("arrival IS NOT NULL"))`]
      : []),
  ];
}

/** The differences between a model and its declaration. `schema`: the text of all models. */
export function modelProblems(declared: EntityTable, model: Model | undefined, schema: string): string[] {
  const { entity, table } = declared;
  if (model === undefined) return [`prisma/models has no model ${entity}`];
  const fields = model.fields.map(({ name, type, isRequired }) => ({ name, type, optional: !isRequired }));
  const mapped = mappedTable(schema, entity);
  return [
    ...differences(`the model ${entity}`, columnsOf(declared, 'prismaName', MODELLED_AS), fields),
    ...(mapped === table ? [] : [`the model ${entity} is mapped to ${mapped}: @@map("${table}")`]),
  ];
}

/** A model without a map is stored under its own name. */
function mappedTable(schema: string, entity: string): string {
  const body = new RegExp(`^model ${entity} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(schema)?.[1] ?? '';
  return /@@map\("(\w+)"\)/.exec(body)?.[1] ?? entity;
}

function columnsOf(
  { columns }: EntityTable,
  name: 'sqlName' | 'prismaName',
  types: Readonly<Record<ColumnKind, string>>,
): Described[] {
  return columns.map((column: Column) => ({
    name: column[name],
    // Integers beyond 32 bits are stored in the same way as money.
    type: types[isWide(column) ? 'money' : column.kind],
    optional: column.optional,
  }));
}

function differences(where: string, declared: readonly Described[], found: readonly Described[]): string[] {
  const foundNames = new Map(found.map((column) => [column.name, column]));
  const declaredNames = new Set(declared.map(({ name }) => name));
  const undeclared = found.filter(({ name }) => !declaredNames.has(name));
  return [
    ...declared.flatMap((column) => difference(where, column, foundNames.get(column.name))),
    ...undeclared.map(({ name }) => `${where} has ${name}, which is not declared`),
  ];
}

function difference(where: string, declared: Described, found: Described | undefined): string[] {
  const wanted = inWords(declared);
  if (found === undefined) return [`${where} lacks ${declared.name} (${wanted})`];
  if (inWords(found) === wanted) return [];
  const isBareUuid = declared.type === 'uuid' && found.type === 'text';
  const hint = isBareUuid ? ': the documentation of the field in the model begins with the word UUID' : '';
  return [`${where} has ${declared.name} as ${inWords(found)}, not ${wanted}${hint}`];
}

const inWords = ({ type, optional }: Described): string => `${type}, ${optional ? 'optional' : 'required'}`;
