import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/paths.ts';

/** The server as it is shipped, from dist. */
export interface ShippedServer {
  readonly url: string;
  /** Its peak memory so far. Linux alone tells it to another process. */
  peakBytes(): number;
  stop(): Promise<void>;
}

/** Starts it on a database and a free port. @throws Error if it ends before it listens. */
export async function startShippedServer(file: string): Promise<ShippedServer> {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js'), 'serve'], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: '0', DATABASE_URL: `file:${file}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      const [found] = /http:\/\/[\w.:]+\/graphql/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(`The server has ended:\n${text}`)));
  });
  return {
    url,
    peakBytes() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
