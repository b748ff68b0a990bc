import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';

/** Only Linux has priorities of threads, and shows them here. */
export const hasNiceThreads = process.platform === 'linux';

/**
 * @returns a function that says how much nicer than this process the threads are that it has
 *   started since, ascending
 */
export function watchNewThreads(): () => readonly number[] {
  const before = new Set(threads());
  return () =>
    threads()
      .filter((thread) => !before.has(thread))
      .map((thread) => nicenessOf(thread) - getPriority())
      .sort((one, other) => one - other);
}

const threads = (): readonly string[] => readdirSync('/proc/self/task');

/** The 19th field; the second, a name, ends with the last bracket. */
function nicenessOf(thread: string): number {
  const text = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
}
