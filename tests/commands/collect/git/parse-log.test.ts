import { describe, expect, it } from 'vitest';
import { type Commit, parseLog } from '../../../../src/commands/collect/git/parse-log.ts';
import { splitAtNul } from '../../../../src/commands/collect/git/read-commits.ts';
import { toList } from './support/scratch.ts';

const HASH = 'a'.repeat(40);
const OTHER = 'b'.repeat(64);
const HEAD = [HASH, '1700000000', '1600000000', '', 'Ada', 'ada@example.com', 'Message\n'];

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Parses fields that arrive in chunks of that many bytes. */
async function parse(fields: readonly string[], size = 1_000_000): Promise<Commit[]> {
  const bytes = Buffer.from(fields.map((field) => `${field}\0`).join(''));
  return toList(parseLog(splitAtNul(pieces(bytes, size))));
}

describe('parseLog', () => {
  it.each([1, 2, 7, 1_000_000])('adds up the files of each commit, in chunks of %i bytes', async (size) => {
    const second = [OTHER, '1', '2', `${HASH} ${HASH}`, '', '', ''];
    const files = ['\n3\t1\ta', '-\t-\tpicture.png', '0\t2\t', 'old name', 'new\tname', '5\t0\tb\nc'];
    expect(await parse([...HEAD, ...files, ...second], size)).toEqual([
      {
        hash: HASH,
        committedAt: '1700000000',
        authoredAt: '1600000000',
        parents: 0,
        authorName: 'Ada',
        authorEmail: 'ada@example.com',
        message: 'Message',
        filesChanged: 4,
        linesAdded: 8,
        linesDeleted: 3,
      },
      expect.objectContaining({ hash: OTHER, parents: 2, message: '', filesChanged: 0 }),
    ]);
  });

  it('never mistakes text of a message or a path for a file or a commit', async () => {
    const head = HEAD.with(6, `\n7\t7\tnot a file\n${OTHER}\n`);
    const [commit] = await parse([...head, '\n1\t1\t', '9\t9\told', `${OTHER}`]);
    expect(commit).toMatchObject({
      filesChanged: 1,
      linesAdded: 1,
      message: expect.stringContaining('not a file'),
    });
  });

  it('reads nothing from empty input, and reads bytes that are not UTF-8', async () => {
    expect(await parse([])).toEqual([]);
    const bytes = Buffer.concat([Buffer.from(`${HEAD.slice(0, 6).join('\0')}\0caf`), Buffer.from([0xe9, 0])]);
    const [commit] = await toList(parseLog(splitAtNul(pieces(bytes, 3))));
    expect(commit?.message).toBe('caf\uFFFD');
  });

  it('stops at output that it does not understand', async () => {
    await expect(parse(HEAD.slice(0, 4))).rejects.toThrow('ended in the middle of a commit');
    await expect(parse(['warning', ...HEAD])).rejects.toThrow('printed "warning" instead of a commit hash');
  });
});
