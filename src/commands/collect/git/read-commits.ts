import { splitBytes } from '../../../core/split-bytes.ts';
import { type Commit, LOG_FORMAT, parseLog } from './parse-log.ts';
import type { Git } from './run-git.ts';

const LOG = [
  'log',
  '--stdin',
  '--no-walk=unsorted',
  '-z',
  '--numstat',
  '-M',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--encoding=UTF-8',
  `--format=${LOG_FORMAT}`,
];

/** Reads the commits of these hashes, in their order, as git finds what each changed. */
export function readCommits(git: Git, hashes: readonly string[]): AsyncIterable<Commit> {
  return parseLog(splitAtNul(git.stream(LOG, `${hashes.join('\n')}\n`)));
}

/** The texts between NULs. Bytes that are no UTF-8 become U+FFFD: old commits may say nothing of their encoding. */
export async function* splitAtNul(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const bytes of splitBytes(chunks, 0)) yield bytes.toString();
}
