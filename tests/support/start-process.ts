import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SHORT_LIVED } from './short-lived.ts';

const ENDPOINT = /http:\/\/[\w.:]+\/graphql/;
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** `telltale` as a separate process, from dist, as users run it. */
export interface TelltaleProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** The endpoint, once it listens. Rejects if the process ends before. */
  waitUntilListening(): Promise<string>;
}

/**
 * Starts a command. The environment contains only PATH of the test's own, and the server does not
 * monitor itself: a slow machine would affect its samples. Disposing kills what still runs. `main`
 * is a program other than this project's, `input` what it reads from standard input, `cwd` the
 * folder that it starts in.
 */
export function startProcess(
  args: readonly string[],
  environment: Record<string, string>,
  {
    main = MAIN,
    input = '',
    cwd,
  }: { readonly main?: string; readonly input?: string; readonly cwd?: string } = {},
): TelltaleProcess {
  const child = spawn(process.execPath, [...SHORT_LIVED, main, ...args], {
    env: { PATH: process.env['PATH'], PORT: '0', SELF_MONITORING: 'off', ...environment },
    stdio: 'pipe',
    ...(cwd !== undefined && { cwd }),
  });
  child.stdin.end(input);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    // Not "exit": only now is the output complete.
    child.once('close', (code, signal) => resolve(code ?? signal ?? 0));
  });
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const url = ENDPOINT.exec(output.stdout)?.[0];
      if (url !== undefined) resolve(url);
    });
    void ended.then((code) =>
      reject(new Error(`telltale ended with ${code}: ${output.stdout}${output.stderr}`)),
    );
  });
  // Not every test waits for it.
  listening.catch(() => undefined);
  return {
    child,
    ended,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    waitUntilListening: () => listening,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
