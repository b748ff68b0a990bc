import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clone } from './clone.ts';

/** A command that runs a server, in a separate process. */
export interface Server {
  /** What it has written so far, each text with the milliseconds since the start. */
  readonly written: readonly { readonly text: string; readonly at: number }[];
  /**
   * Resolves with the match and its time once the output matches.
   *
   * @throws Error with the output if the process ends before
   */
  saw(pattern: RegExp): Promise<{ readonly match: RegExpExecArray; readonly at: number }>;
  /** Its peak memory so far, in bytes. */
  peakMemory(): number;
  /** Sends SIGTERM and waits until the process has ended. */
  stop(): Promise<void>;
}

const PROBE = new URL('./peak-memory.mjs', import.meta.url).href;
/** If the server does not stop within this time, `stop` fails. */
const STOP_WITHIN_MS = 30_000;

/** Starts `npm start`, `npm run demo` or `node …` in the clone. */
export function startServer(clone: Clone, command: readonly string[], signal: AbortSignal): Server {
  signal.throwIfAborted();
  const peakFile = join(dirname(clone.root), `peak-${performance.now()}`);
  const [program = '', ...args] = command;
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: clone.root,
    env: { ...clone.environment, NODE_OPTIONS: `--import=${PROBE}`, BENCH_PEAK_FILE: peakFile },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    // A separate process group, so that the processes that it starts (npm, a compiler) end with it.
    detached: process.platform !== 'win32',
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, by) => resolve(by ?? `code ${code}`));
  });
  const onAbort = () => endGroup(child);
  signal.addEventListener('abort', onAbort);
  void gone.then(() => signal.removeEventListener('abort', onAbort));
  const written: { text: string; at: number }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      written.push({ text: String(chunk), at: performance.now() - startedAt });
      child.emit('written');
    });
  }
  return {
    written,
    saw: (pattern) => saw({ child, written, gone, name: command.join(' ') }, pattern),
    peakMemory: () => readPeak(peakFile),
    async stop() {
      child.kill('SIGTERM');
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        endGroup(child);
      }, STOP_WITHIN_MS);
      await gone;
      clearTimeout(timer);
      endGroup(child);
      if (late) throw new Error(`${command.join(' ')} did not stop after SIGTERM`);
    },
  };
}

interface Watched {
  readonly child: ChildProcess;
  readonly written: readonly { readonly text: string; readonly at: number }[];
  readonly gone: Promise<string>;
  readonly name: string;
}

function saw({ child, written, gone, name }: Watched, pattern: RegExp) {
  const all = () => written.map(({ text }) => text).join('');
  return new Promise<{ match: RegExpExecArray; at: number }>((resolve, reject) => {
    const check = () => {
      const match = pattern.exec(all());
      if (match === null) return;
      child.off('written', check);
      resolve({ match, at: written.at(-1)?.at ?? 0 });
    };
    child.on('written', check);
    check();
    void gone.then((how) => reject(new Error(`${name} ended with ${how}:\n${all()}`)));
  });
}

function readPeak(file: string): number {
  if (!existsSync(file)) throw new Error(`The server has not reported its memory: ${file} does not exist`);
  return Number(readFileSync(file, 'utf8')) * 1024;
}

/** Kills what remains of the process group. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // The group has already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
