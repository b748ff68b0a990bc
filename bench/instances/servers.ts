import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/paths.ts';

/** A server as shipped, from dist. */
export interface InstanceProcess {
  readonly url: string;
  readonly webSocketUrl: string;
  /**
   * The processor time of all its threads so far, in milliseconds; NaN if only the process itself
   * knows it.
   */
  processorMs(): number;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a PostgreSQL database. @throws Error if it ends before it listens */
export async function startInstance(databaseUrl: string, folder: string): Promise<InstanceProcess> {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js'), 'serve'], {
    cwd: folder,
    env: {
      ...{ PATH: process.env['PATH'], HOME: folder, NODE_ENV: 'production', PORT: '0', LOG_LEVEL: 'error' },
      ...{ DATABASE_URL: databaseUrl, COLUMN_STORE: 'off', SELF_MONITORING: 'off', INSTANCE_NAME: folder },
      MAX_SOCKETS_PER_ADDRESS: '10000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listening(child);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    ...{ url, webSocketUrl: url.replace(/^http/, 'ws') },
    processorMs: () => processorMsOf(child.pid),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** The clock ticks of Linux, a hundred per second. */
const TICK_MS = 10;

function processorMsOf(pid = 0): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  // The name of the program, in brackets, may contain spaces. Fields 14 and 15 are user and system
  // time.
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (data) => {
      text += data;
      // Problems are logged as JSON lines.
      if (/"level":[56]0/.test(String(data))) process.stderr.write(String(data));
      const [found] = /http:\/\/[\w.:]+\/graphql/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`The server has ended:\n${text}`)));
  });
}
