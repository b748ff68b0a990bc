import { fork } from 'node:child_process';
import { join } from 'node:path';
import { StorageUnavailable } from '../../errors.ts';
import { packageFolder } from '../../package-folder.ts';
import type { BackupOutcome, BackupTask, Findings } from './backup-process.ts';
import { SqliteError } from './requests.ts';

/** Processes cannot load TypeScript, so a process that runs src also uses the file in dist. */
const program = (): string =>
  join(packageFolder(), 'dist', 'storage', 'dialect', 'sqlite', 'backup-process.cjs');

/**
 * Copies or checks a database in a separate process, and kills that process when the signal aborts.
 *
 * @returns what a check found; null for a copy
 * @throws SqliteError, StorageUnavailable, the reason of the signal
 */
export async function runBackupTask(task: BackupTask, signal?: AbortSignal): Promise<Findings | null> {
  signal?.throwIfAborted();
  const outcome = await outcomeOf(task, signal);
  signal?.throwIfAborted();
  if (outcome.kind === 'DONE') return outcome.value;
  throw outcome.kind === 'FAILED' ? new SqliteError(outcome.error) : new StorageUnavailable(outcome.message);
}

/**
 * Resolves when the process has ended. Only then is it certain that nobody writes the copy any
 * more.
 */
function outcomeOf(task: BackupTask, signal: AbortSignal | undefined): Promise<BackupOutcome> {
  const child = fork(program(), [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const kill = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  let outcome: BackupOutcome | null = null;
  return new Promise<BackupOutcome>((resolve, reject) => {
    child.once('message', (message) => {
      outcome = message as BackupOutcome;
      kill();
    });
    child.once('error', reject);
    child.once('exit', (code, ended) => {
      const message = `The process that copies or checks the database has ended: ${ended ?? `code ${code}`}`;
      resolve(outcome ?? { kind: 'UNUSABLE', message });
    });
    // The process may already be gone; then its end reports that.
    child.send(task, () => {});
  }).finally(() => signal?.removeEventListener('abort', kill));
}
