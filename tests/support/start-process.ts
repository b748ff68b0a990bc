import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** `telltale` as a process of its own, from dist, as users run it. */
export interface TelltaleProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** The endpoint, once it listens. Rejects when the process ends before. */
  waitUntilListening(): Promise<string>;
}

/** Starts a command. The environment has nothing of the test's own but PATH. Disposing kills what still runs. */
export function startProcess(args: readonly string[], environment: Record<string, string>): TelltaleProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    // Not "exit": the output is complete only now.
    child.once('close', (code, signal) => resolve(code ?? signal ?? 0));
  });
  return {
    child,
    ended,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    async waitUntilListening() {
      const url = /http:\/\/[\w.:]+\/graphql/;
      await Promise.race([
        expect.poll(() => output.stdout, { timeout: 30_000, interval: 10 }).toMatch(url),
        ended.then((code) =>
          expect.unreachable(`telltale ended with ${code}: ${output.stdout}${output.stderr}`),
        ),
      ]);
      return url.exec(output.stdout)?.[0] ?? '';
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
