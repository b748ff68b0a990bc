/** A commit as `git log` shows it. Times are seconds since 1970, as git writes them. */
export interface Commit {
  readonly hash: string;
  readonly committedAt: string;
  readonly authoredAt: string;
  readonly parents: number;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly message: string;
  /** Of a merge all three are 0: its lines were counted where they were written. */
  readonly filesChanged: number;
  readonly linesAdded: number;
  readonly linesDeleted: number;
}

/**
 * The fields of a commit's head, each ended by a NUL, which none of them can hold: whatever a
 * message or a path says, it cannot pass for anything else. Names and addresses as the repository's
 * mailmap has them.
 */
export const LOG_FORMAT = 'tformat:%H%x00%ct%x00%at%x00%P%x00%aN%x00%aE%x00%B';
const FIELDS = 7;

/**
 * A changed file: lines added, lines deleted ("-" for a binary file), path. The first of a commit
 * stands on a line of its own.
 */
const FILE = /^\n?(\d+|-)\t(\d+|-)\t([\s\S]*)$/;

/**
 * The commits in what `git log -z --numstat --format=LOG_FORMAT` writes: fields ended by NUL. After
 * a commit's head come its files; a renamed one has an empty path, and the old and the new path as
 * two fields more.
 *
 * @throws Error when that is not what it reads: a git that writes something else
 */
export async function* parseLog(fields: AsyncIterable<string>): AsyncGenerator<Commit> {
  const reader = createReader(fields);
  let field = await reader.next();
  while (field !== undefined) {
    const head = [field];
    while (head.length < FIELDS) head.push(await reader.need());
    const totals = { filesChanged: 0, linesAdded: 0, linesDeleted: 0 };
    for (field = await reader.next(); field !== undefined; field = await reader.next()) {
      const file = FILE.exec(field);
      if (file === null) break;
      const [, added, deleted, path] = file;
      totals.filesChanged++;
      totals.linesAdded += countOf(added);
      totals.linesDeleted += countOf(deleted);
      if (path === '') {
        await reader.need();
        await reader.need();
      }
    }
    yield toCommit(head, totals);
  }
}

const countOf = (digits = '-'): number => (digits === '-' ? 0 : Number(digits));

function createReader(fields: AsyncIterable<string>) {
  const iterator = fields[Symbol.asyncIterator]();
  async function next(): Promise<string | undefined> {
    const { done, value } = await iterator.next();
    return done ? undefined : value;
  }
  return {
    next,
    async need(): Promise<string> {
      const field = await next();
      if (field === undefined) throw new Error('git log ended in the middle of a commit.');
      return field;
    },
  };
}

function toCommit(
  [
    hash = '',
    committedAt = '',
    authoredAt = '',
    parents = '',
    authorName = '',
    authorEmail = '',
    message = '',
  ]: readonly string[],
  totals: Pick<Commit, 'filesChanged' | 'linesAdded' | 'linesDeleted'>,
): Commit {
  if (!/^[0-9a-f]{40,64}$/.test(hash)) {
    throw new Error(
      `git log wrote ${JSON.stringify(hash.slice(0, 100))} where the hash of a commit belongs.`,
    );
  }
  return {
    hash,
    committedAt,
    authoredAt,
    parents: parents === '' ? 0 : parents.split(' ').length,
    authorName,
    authorEmail,
    message: message.trimEnd(),
    ...totals,
  };
}
