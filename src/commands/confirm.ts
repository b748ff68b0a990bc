import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { UsageError } from './import/options.ts';

/** The input and output for a question. `process` is one. */
export interface Asking {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
}

/**
 * Asks for confirmation before a command removes data: a flag confirms, or the user at a terminal.
 * The question is only built when it is asked.
 *
 * @throws UsageError with `otherwise`, at once, when there is neither a flag nor a terminal
 */
export function confirmAs(
  { stdin, stdout }: Asking,
  { isConfirmed, otherwise }: { readonly isConfirmed: boolean; readonly otherwise: string },
): (question: () => Promise<string>) => Promise<boolean> {
  if (isConfirmed) return async () => true;
  if (stdin.isTTY !== true || stdout.isTTY !== true) throw new UsageError(otherwise);
  return async (question) => {
    const terminal = createInterface({ input: stdin, output: stdout });
    // Ctrl-C and Ctrl-D close the terminal without an answer.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    try {
      const answer = await Promise.race([terminal.question(`${await question()} [y/N] `), closed]);
      return /^y(?:es)?$/i.test(answer.trim());
    } finally {
      terminal.close();
    }
  };
}
