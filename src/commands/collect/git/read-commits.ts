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
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      rest.push(chunk.subarray(start, end));
      yield Buffer.concat(rest).toString();
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest).toString();
  if (last !== '') yield last;
}
