import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/paths.ts';

/** A server as it is shipped, from dist. */
export interface InstanceProcess {
  readonly url: string;
  readonly webSocketUrl: string;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a database of PostgreSQL. @throws Error if it ends before it listens */
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
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (data) => {
      text += data;
      const [found] = /http:\/\/[\w.:]+\/graphql/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`The server has ended:\n${text}`)));
  });
}
