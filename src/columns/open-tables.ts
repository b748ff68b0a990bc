import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../core/thrown.ts';
import { type CopiedTable, openCopiedTable } from './copied-table.ts';
import { type CopyFile, openCopyFile } from './copy-file.ts';
import { isLocked } from './copy-path.ts';
import type { CopySettings } from './protocol.ts';
import type { CopiedDataset } from './row-source.ts';
import { type Evidence, evidenceOf } from './same-database.ts';

export interface TablesOptions {
  readonly file: string;
  readonly datasets: readonly CopiedDataset[];
  readonly settings: CopySettings;
}

/** The rows are not those that were copied. */
export const OTHER_DATABASE = 'it belongs to another database';

type Existing =
  | { readonly opened: OpenTables; readonly evidence: readonly Evidence[]; readonly problem: string }
  | { readonly opened: null; readonly problem: string | null };

/** Opens the file if it exists and can be used. The problem says why it must be rebuilt. */
export async function openExisting(options: TablesOptions): Promise<Existing> {
  if (!existsSync(options.file)) return { opened: null, problem: null };
  let opened: OpenTables | null = null;
  try {
    opened = await openTables(options);
    return { opened, evidence: await evidenceOf(opened.tables), problem: OTHER_DATABASE };
  } catch (error) {
    opened?.close();
    if (isLocked(error)) {
      throw new Error(
        `another process has ${options.file} open; give each server its own file with ` +
          `COLUMN_STORE_FILE (${messageOf(error)})`,
      );
    }
    return { opened: null, problem: messageOf(error) };
  }
}

export interface OpenTables {
  readonly file: CopyFile;
  readonly connection: DuckDBConnection;
  readonly tables: readonly CopiedTable[];
  close(): void;
}

export async function openTables({ file: path, datasets, settings }: TablesOptions): Promise<OpenTables> {
  const file = await openCopyFile(path, datasets, settings);
  try {
    const connection = await file.connect();
    const tables: CopiedTable[] = [];
    for (const dataset of datasets) tables.push(await openCopiedTable(connection, file.connect, dataset));
    return {
      ...{ file, connection, tables },
      close() {
        connection.closeSync();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}
