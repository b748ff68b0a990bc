import { splitBytes } from '../../split-bytes.ts';
import { type Commit, LOG_FORMAT, parseLog } from './parse-log.ts';
import { type Git, GitFailed } from './run-git.ts';

/**
 * Sets every option that a git setting could change, so that the numbers of a commit are the same
 * for every user.
 */
const LOG = [
  'log',
  '--stdin',
  '--no-walk=unsorted',
  '-z',
  '--numstat',
  '-M',
  '-l1000',
  '-O/dev/null',
  '--diff-algorithm=myers',
  '--no-relative',
  '--ignore-submodules=none',
  '--submodule=short',
  '--no-notes',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--encoding=UTF-8',
  `--format=${LOG_FORMAT}`,
];

/** Reads the commits of the hashes in their order, with the changes of each. */
export async function* readCommits(git: Git, hashes: readonly string[]): AsyncGenerator<Commit> {
  const drivers = await listBinaryDrivers(git);
  const settings = drivers.map((name) => `${name}=auto`);
  yield* parseLog(splitAtNul(git.stream(LOG, `${hashes.join('\n')}\n`, settings)));
}

/**
 * Lists the settings `diff.<driver>.binary`, which make files count as binary whatever their
 * content.
 */
async function listBinaryDrivers(git: Git): Promise<readonly string[]> {
  try {
    const names = await git.text([
      'config',
      '--name-only',
      '-z',
      '--get-regexp',
      String.raw`^diff\..*\.binary$`,
    ]);
    return [...new Set(names.split('\0').filter((name) => name !== ''))];
  } catch (error) {
    // There are no such settings.
    if (error instanceof GitFailed && error.exitCode === 1) return [];
    throw error;
  }
}

/**
 * Splits the text at NULs. Bytes that are not UTF-8 become U+FFFD, because old commits may not
 * declare their encoding.
 */
export async function* splitAtNul(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const bytes of splitBytes(chunks, 0)) yield bytes.toString();
}
