import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVING_FLAGS } from '../lib/child.ts';
import { ROOT } from '../lib/paths.ts';

/** The server from dist, started as in the container image and the systemd unit. */
export interface ShippedServer {
  readonly url: string;
  /** Its peak memory so far. Only Linux shows it to another process. */
  peakBytes(): number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Additional environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The time of its clock when it starts, in epoch milliseconds. Default: the current time. */
  readonly now?: number;
}

/** The setting of the container image and the systemd unit for the memory of native threads. */
const MALLOC = { MALLOC_ARENA_MAX: '2' };

/**
 * Starts it on a database and a free port.
 *
 * @throws Error if it ends before it listens
 */
export async function startShippedServer(
  file: string,
  { environment = {}, now }: ServerOptions = {},
): Promise<ShippedServer> {
  const clock = now === undefined ? [] : [`--import=${moveClock(now - Date.now())}`];
  const program = [...SERVING_FLAGS, ...clock, join(ROOT, 'dist', 'main.js'), 'serve'];
  const child = spawn(process.execPath, program, {
    env: {
      ...{ PATH: process.env['PATH'], NODE_ENV: 'production', PORT: '0', DATABASE_URL: `file:${file}` },
      ...MALLOC,
      ...environment,
    },
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

/** A module that sets the clock of each thread that loads it. */
const moveClock = (milliseconds: number): string =>
  `data:text/javascript,const now = Date.now; Date.now = () => now() + ${milliseconds};`.replaceAll(
    ' ',
    '%20',
  );
