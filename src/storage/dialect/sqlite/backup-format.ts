import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, messageOf } from '../../../core/thrown.ts';
import type { Contents } from '../../backups/backup.ts';
import { DamagedBackup } from '../../backups/errors.ts';
import type { BackupFormat } from '../../backups/format.ts';
import { readHistory } from '../../migrator/history.ts';
import { isApplied } from '../../migrator/migration.ts';
import { fileOfUrl } from './location.ts';
import type { StatementResult } from './protocol.ts';
import { createRestoreTarget } from './restore.ts';
import { startThread } from './thread.ts';

/** Backups of a SQLite file: each is itself a database. */
export function createBackupFormat(url: string): BackupFormat {
  const file = resolve(fileOfUrl(url));
  return {
    dialect: 'sqlite',
    name: basename(file),
    database: file,
    folder: join(dirname(file), 'backups'),
    ownsFolder: true,
    expectTools: async () => {},
    async bytes() {
      if (!(await hasContent(file))) return null;
      return onThread(file, async (query) => {
        const pages = await query(
          'select page_size * (page_count - freelist_count) as bytes from pragma_page_size, pragma_page_count, pragma_freelist_count',
        );
        return Number(pages[0]?.['bytes']);
      });
    },
    async copyTo(path) {
      const copier = startThread({ file, role: 'reader', stepsBack: 'BACKGROUND', datasets: [] }, () => {});
      try {
        await copier.request<null>({ kind: 'copy', path });
      } finally {
        await copier.close();
      }
    },
    inspect: (path, { thorough }) => inspect(path, thorough ? 'integrity_check' : 'quick_check'),
    restore: createRestoreTarget(file, inspect),
  };
}

async function hasContent(file: string): Promise<boolean> {
  try {
    return (await stat(file)).size > 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Checks a database file as a whole, on a thread of its own. */
async function inspect(
  path: string,
  check: 'integrity_check' | 'quick_check' = 'quick_check',
): Promise<Contents> {
  try {
    return await onThread(path, async (query) => {
      const problems = (await query(`pragma ${check}(5)`)).map((row) => String(row[check]));
      if (problems.join() !== 'ok') throw new DamagedBackup(path, problems.join('; '));
      return contentsOf(query);
    });
  } catch (error) {
    if (error instanceof DamagedBackup || codeOf(error) === 'SQLITE_BUSY') throw error;
    throw new DamagedBackup(path, messageOf(error));
  }
}

type Query = (sql: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

async function onThread<Value>(file: string, work: (query: Query) => Promise<Value>): Promise<Value> {
  const thread = startThread({ file, role: 'reader', stepsBack: 'BACKGROUND', datasets: [] }, () => {});
  try {
    return await work(async (sql, parameters = []) => {
      const bound = parameters.map(String);
      const { columns, rows } = await thread.request<StatementResult>({
        ...{ kind: 'statement', sql, parameters: bound },
      });
      return rows.map((row) => Object.fromEntries(row.map((value, index) => [columns[index], value])));
    });
  } finally {
    await thread.close();
  }
}

async function contentsOf(query: Query): Promise<Contents> {
  const tables = await query(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
  );
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const [count] = await query(`select count(*) as rows from "${String(name).replaceAll('"', '""')}"`);
    rows[String(name)] = Number(count?.['rows']);
  }
  const history = await readHistory({ dialect: 'sqlite', query });
  return { migrations: history.filter(isApplied).map(({ name }) => name), rows };
}
