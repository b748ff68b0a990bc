import { fromSource } from '../lib/paths.ts';

export type StoredValue = string | number | null;

/** Prepared inserts into the table of model calls, with the durability of the server. */
export interface PreparedInserts {
  /** Inserts rows, whose values are in the order of the columns, in one transaction. */
  insert(rows: Iterable<readonly StoredValue[]>): void;
  close(): void;
}

/** @param extraIndex a statement that creates one more index */
export async function openInserts(file: string, extraIndex: string | null = null): Promise<PreparedInserts> {
  const { openForWriting } = await fromSource<typeof import('../../src/storage/dialect/sqlite/database.ts')>(
    'storage/dialect/sqlite/database.ts',
  );
  const { llmCalls } = await fromSource<typeof import('../../src/declarations/llm/llm-calls.ts')>(
    'declarations/llm/llm-calls.ts',
  );
  const connection = openForWriting(file);
  if (extraIndex !== null) connection.exec(extraIndex);
  const columns = llmCalls.columns.map(({ sqlName }) => `"${sqlName}"`);
  const statement = connection.prepare(
    `insert into ${llmCalls.table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  );
  const insert = connection.transaction((rows: Iterable<readonly StoredValue[]>) => {
    for (const row of rows) statement.run(row);
  });
  return { insert: (rows) => void insert(rows), close: () => void connection.close() };
}
