import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import type { Columns } from '../../../src/columns/columns.ts';
import { createTable, heldColumns } from '../../../src/columns/held-columns.ts';
import { toPlain } from '../../../src/columns/plain-value.ts';
import { createColumnsQuery, type RunSelect } from '../../../src/columns/query.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { holderOf } from '../../../src/core/dataset/field.ts';
import type { Row } from '../../../src/core/dataset/row.ts';

/** A columnar copy in memory, for the tests of one `describe` body. They fill it themselves. */
export interface ColumnsOfTests extends Columns {
  append(dataset: Dataset, rows: readonly Row[]): Promise<void>;
}

export function useColumns(): ColumnsOfTests {
  let instance: DuckDBInstance | undefined;
  let connection: DuckDBConnection | undefined;
  const tables = new Set<string>();
  const opened = (): DuckDBConnection => {
    if (connection === undefined) throw new Error('The columns are open during tests only.');
    return connection;
  };
  const run: RunSelect = async (sql, parameters) => {
    const result = await opened().runAndReadAll(sql, parameters as DuckDBValue[]);
    return { columns: result.columnNames(), rows: result.getRows().map((row) => row.map(toPlain)) };
  };

  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MiB' });
    connection = await instance.connect();
  });
  afterAll(() => {
    connection?.closeSync();
    instance?.closeSync();
  });

  return {
    query: createColumnsQuery(run),
    holds(dataset, fields) {
      const held = new Set(heldColumns(dataset).map(({ column }) => column.name));
      return fields.every((field) => held.has(holderOf(field)));
    },
    catchUp: async () => null,
    close: async () => {},
    async append(dataset, rows) {
      if (!tables.has(dataset.table)) await opened().run(createTable(dataset));
      tables.add(dataset.table);
      const held = heldColumns(dataset);
      const lists = held.map(({ column }) => JSON.stringify(rows.map((row) => row[column.index] ?? null)));
      const columns = held.map(
        ({ type }, index) => `unnest(from_json_strict($${index + 1}::varchar, '["${type}"]'))`,
      );
      await opened().run(
        `insert into "${dataset.table}" select unnest(range(${rows.length})), ${columns.join(', ')}`,
        lists,
      );
    },
  };
}
