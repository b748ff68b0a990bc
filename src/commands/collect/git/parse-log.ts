/** A commit as `git log` shows it. Times are seconds since 1970, as git writes them. */
export interface Commit {
  readonly hash: string;
  readonly committedAt: string;
  readonly authoredAt: string;
  readonly parents: number;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly message: string;
  /** All three are 0 for a merge: its lines were counted in the merged commits. */
  readonly filesChanged: number;
  readonly linesAdded: number;
  readonly linesDeleted: number;
}

/**
 * The fields of a commit's head, each ended by a NUL. No field can contain a NUL, so a message or a
 * path cannot be mistaken for another field. Names and addresses follow the repository's mailmap.
 */
export const LOG_FORMAT = 'tformat:%H%x00%ct%x00%at%x00%P%x00%aN%x00%aE%x00%B';
const FIELDS = 7;

/**
 * A changed file: lines added, lines deleted ("-" for a binary file), path. The first file of a
 * commit begins on a new line.
 */
const FILE = /^\n?(\d+|-)\t(\d+|-)\t([\s\S]*)$/;

/**
 * Parses the output of `git log -z --numstat --format=LOG_FORMAT`: fields ended by NUL. The files
 * of a commit follow its head. A renamed file has an empty path, followed by the old and the new
 * path as two more fields.
 *
 * @throws Error when the output has another form
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
    throw new Error(`git log printed ${JSON.stringify(hash.slice(0, 100))} instead of a commit hash.`);
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
