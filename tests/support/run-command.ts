import { format } from 'node:util';
import { vi } from 'vitest';
import { runTelltale } from '../../src/commands/telltale.ts';

/** What a command wrote, and how it ended. */
export interface CommandOutcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `telltale …` in this process, with these variables in addition to those of the tests: a
 * separate process takes two seconds of a processor. process.test.ts covers what only a process
 * has.
 */
export async function runCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> {
  const output = { stdout: '', stderr: '' };
  let ended: number | string | undefined;
  const keep = (name: 'stdout' | 'stderr', text: string): true => {
    output[name] += text;
    return true;
  };
  const keepLine =
    (name: 'stdout' | 'stderr') =>
    (...args: unknown[]) =>
      void keep(name, `${format(...args)}\n`);
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => keep('stdout', String(text))),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => keep('stderr', String(text))),
    vi.spyOn(console, 'log').mockImplementation(keepLine('stdout')),
    vi.spyOn(console, 'error').mockImplementation(keepLine('stderr')),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      ended ??= code ?? 0;
      return undefined as never;
    }),
  ];
  for (const [name, value] of Object.entries({ PORT: '0', ...environment })) vi.stubEnv(name, value);
  try {
    await runTelltale(words);
    return { code: ended ?? process.exitCode ?? 0, ...output };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
