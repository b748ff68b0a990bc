import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { codeOf, messageOf } from '../../../core/thrown.ts';
import type { Contents } from '../../backups/backup.ts';
import { readHistory } from '../../migrator/history.ts';
import { isApplied } from '../../migrator/migration.ts';
import { yieldProcessor } from '../../yield-processor.ts';
import { openForReading } from './database.ts';
import type { Connection } from './driver.ts';
import type { ErrorData } from './protocol.ts';

/**
 * The code of a process that copies or checks a whole database. A single SQLite statement does it,
 * which may take minutes, and nothing within a process can end it: a thread in native code cannot
 * be ended, and a process does not end before its threads. A separate process can be killed.
 *
 * The statement runs on a thread, so that this process notices when its parent is gone.
 */

/** The task of the process: it does one of them, and ends. */
export type BackupTask =
  | { readonly kind: 'copy'; readonly file: string; readonly path: string }
  | { readonly kind: 'check'; readonly file: string; readonly check: 'integrity_check' | 'quick_check' };

export interface Findings {
  /** What the check found, at most five problems. */
  readonly problems: readonly string[];
  /** Null if there are problems. */
  readonly contents: Contents | null;
}

/** UNUSABLE: the file could not be opened. */
export type BackupOutcome =
  | { readonly kind: 'DONE'; readonly value: Findings | null }
  | { readonly kind: 'FAILED'; readonly error: ErrorData }
  | { readonly kind: 'UNUSABLE'; readonly message: string };

if (isMainThread) superviseThread();
else void work(workerData).then((outcome) => parentPort?.postMessage(outcome));

function superviseThread(): void {
  // A terminal or a service sends them to all of its processes. The parent process decides when
  // this one ends.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.once('message', (task: BackupTask) => {
    const thread = new Worker(process.argv[1] ?? '', { workerData: task });
    const answer = (outcome: BackupOutcome) => process.send?.(outcome);
    thread.once('message', answer);
    thread.once('error', (error) => answer({ kind: 'FAILED', error: errorData(error) }));
  });
}

async function work(task: BackupTask): Promise<BackupOutcome> {
  yieldProcessor('BACKGROUND');
  let connection: Connection;
  try {
    connection = openForReading(task.file);
  } catch (error) {
    return { kind: 'UNUSABLE', message: `${task.file} cannot be used: ${messageOf(error)}` };
  }
  try {
    if (task.kind === 'check') return { kind: 'DONE', value: await check(connection, task.check) };
    connection.prepare('vacuum into ?').run(task.path);
    return { kind: 'DONE', value: null };
  } catch (error) {
    return { kind: 'FAILED', error: errorData(error) };
  } finally {
    connection.close();
  }
}

function errorData(error: unknown): ErrorData {
  return {
    message: messageOf(error),
    code: codeOf(error),
    stack: error instanceof Error ? error.stack : undefined,
  };
}

async function check(connection: Connection, pragma: string): Promise<Findings> {
  const query = async (sql: string, parameters: readonly unknown[] = []) =>
    connection.prepare<unknown[], Record<string, unknown>>(sql).all(...parameters);
  const problems = (await query(`pragma ${pragma}(5)`)).map((row) => String(row[pragma]));
  if (problems.join() !== 'ok') return { problems, contents: null };
  const tables = await query(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
  );
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const [count] = await query(`select count(*) as rows from "${String(name).replaceAll('"', '""')}"`);
    rows[String(name)] = Number(count?.['rows']);
  }
  const history = await readHistory({ dialect: 'sqlite', query });
  return { problems: [], contents: { migrations: history.filter(isApplied).map(({ name }) => name), rows } };
}
