import { expect, it } from 'vitest';
import type { Column, ColumnKind } from '../../src/core/dataset/column.ts';
import type { EntityTable } from '../../src/core/dataset/table.ts';
import { getDatamodel } from '../../src/generated/pothos-types.ts';
import { datasets, records } from '../../src/registry.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import type { Dialect } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';

/** The column type that each kind of value has, as the databases name it. */
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
    json: 'jsonb',
    texts: 'jsonb',
  },
};

const COLUMNS: Readonly<Record<Dialect, (table: string) => string>> = {
  sqlite: (table) =>
    `select name, lower(type) as type, "notnull" = 0 as optional from pragma_table_info('${table}')`,
  postgresql: (table) =>
    `select column_name as name, data_type as type, is_nullable = 'YES' as optional
     from information_schema.columns where table_schema = current_schema() and table_name = '${table}'`,
};

const TABLES: readonly EntityTable[] = [...datasets, ...records];

interface Described {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

const byName = (one: Described, other: Described) => (one.name < other.name ? -1 : 1);

function declared(
  dataset: EntityTable,
  name: (column: Column) => string,
  types: Readonly<Record<ColumnKind, string>>,
) {
  return dataset.columns
    .map((column): Described => ({ name: name(column), type: types[column.kind], optional: column.optional }))
    .sort(byName);
}

describeEachDatabase('the declarations', (database) => {
  it.each(TABLES)('of $name are the columns of its table', async (dataset) => {
    const connection = await openMigrationConnection(await database.createUrl());
    try {
      await migrate(connection);
      const columns = await connection.query(COLUMNS[database.dialect](dataset.table));
      const found = columns.map(
        ({ name, type, optional }): Described => ({
          name: String(name),
          type: String(type),
          optional: Boolean(optional),
        }),
      );
      expect(found.sort(byName)).toEqual(
        declared(dataset, (column) => column.sqlName, STORED_AS[database.dialect]),
      );
    } finally {
      await connection.close();
    }
  });
});

const MODELLED_AS: Readonly<Record<ColumnKind, string>> = {
  uuid: 'String',
  text: 'String',
  enum: 'String',
  integer: 'Int',
  float: 'Float',
  money: 'BigInt',
  boolean: 'Boolean',
  timestamp: 'DateTime',
  json: 'Json',
  texts: 'Json',
};

interface Model {
  readonly fields: readonly { readonly name: string; readonly type: string; readonly isRequired: boolean }[];
}

it.each(TABLES)('The declaration of $name has the fields of the model $entity', (dataset) => {
  const models = getDatamodel().datamodel.models as unknown as Readonly<Record<string, Model>>;
  const fields = models[dataset.entity]?.fields ?? [];
  const found = fields.map(
    ({ name, type, isRequired }): Described => ({ name, type, optional: !isRequired }),
  );
  expect(found.sort(byName)).toEqual(declared(dataset, (column) => column.prismaName, MODELLED_AS));
});
