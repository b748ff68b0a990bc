import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../../../core/thrown.ts';
import { BackupToolMissing } from '../../backups/errors.ts';

export type Tool = 'pg_dump' | 'pg_restore';

/** How much of a program's standard error an error repeats. */
const SHOWN_CHARACTERS = 2_000;
/** URL parameters that libpq knows. It refuses all others, which the driver or Prisma may know. */
const LIBPQ = new Set(
  'host port user sslmode sslcert sslkey sslrootcert sslpassword sslcrl channel_binding connect_timeout options target_session_attrs keepalives keepalives_idle gssencmode'.split(
    ' ',
  ),
);

/** A program of PostgreSQL failed. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed';
}

export interface RunOptions {
  /** Where the output goes; default: into the result. */
  readonly output?: Writable;
  readonly signal?: AbortSignal | undefined;
}

/** The programs of PostgreSQL's client, which make and read archives. */
export interface Tools {
  /**
   * Runs a program to its end, or ends it by the signal.
   *
   * @throws BackupToolMissing, ToolFailed with the program's message, the reason of the signal
   */
  run(tool: Tool, args: readonly string[], options?: RunOptions): Promise<string>;
  /** The major version of a program. */
  version(tool: Tool): Promise<number>;
}

/** @param pgDump the path of pg_dump, with pg_restore beside it; null: those in PATH */
export function createTools(pgDump: string | null, password: string | undefined): Tools {
  const pathOf = (tool: Tool): string =>
    pgDump === null ? tool : tool === 'pg_dump' ? pgDump : join(dirname(pgDump), tool);

  const env = { ...process.env, ...(password !== undefined && { PGPASSWORD: password }) };

  async function run(tool: Tool, args: readonly string[], options: RunOptions = {}): Promise<string> {
    try {
      const { code, answer, said } = await execute(pathOf(tool), args, { ...options, env });
      if (code !== 0) throw new ToolFailed(`${tool} failed: ${said.trim() || `code ${code}`}`);
      return answer;
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) throw error;
      throw missing(tool, pathOf(tool));
    }
  }

  return {
    run,
    async version(tool) {
      const version = await run(tool, ['--version']);
      return Number(/(\d+)(?:\.\d+)*/.exec(version)?.[1]);
    },
  };
}

interface Execution extends RunOptions {
  readonly env: NodeJS.ProcessEnv;
}

/** A program that is asked to end cancels its statement first, which a network may hold up. */
const END_GRACE_MS = 2_000;

/** Runs a program until it has ended. */
async function execute(path: string, args: readonly string[], { env, output, signal }: Execution) {
  signal?.throwIfAborted();
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const end = () => {
    child.kill();
    setTimeout(() => child.kill('SIGKILL'), END_GRACE_MS).unref();
  };
  signal?.addEventListener('abort', end, { once: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-SHOWN_CHARACTERS);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const answered = output === undefined ? text(child.stdout) : pipeline(child.stdout, output);
  try {
    const [code, answer] = await Promise.all([ended, answered]);
    signal?.throwIfAborted();
    return { code, said, answer: answer ?? '' };
  } finally {
    signal?.removeEventListener('abort', end);
    child.kill();
  }
}

const missing = (tool: Tool, path: string): BackupToolMissing =>
  new BackupToolMissing(
    `${tool} was not found${path === tool ? '' : ` at ${path}`}. Install PostgreSQL's client ` +
      'programs, or name pg_dump with PG_DUMP=/path/to/pg_dump.',
  );

/**
 * The URL for the programs, without the password, which others could see in the list of processes.
 */
export function urlForTools(url: string, database?: string): string {
  const given = new URL(url);
  given.password = '';
  if (database !== undefined) given.pathname = `/${encodeURIComponent(database)}`;
  for (const name of [...given.searchParams.keys()]) if (!LIBPQ.has(name)) given.searchParams.delete(name);
  return given.href;
}
