import { expect, it } from 'vitest';
import { readCommits } from '../../../../src/commands/collect/git/read-commits.ts';
import {
  findRepository,
  listBranches,
  listCommits,
  shallowEdges,
} from '../../../../src/commands/collect/git/repository.ts';
import { createGit } from '../../../../src/commands/collect/git/run-git.ts';
import { type Scratch, toList, useScratch } from './support/scratch.ts';

const scratches = useScratch();

const read = async ({ path }: Scratch, branch: string | null = null) => {
  const git = createGit(path);
  const listed = await listCommits(git, await listBranches(git, branch));
  const hashes = listed.map(({ hash }) => hash);
  return { listed, commits: hashes.length === 0 ? [] : await toList(readCommits(git, hashes)) };
};

it('reads what each commit changed: renames, binary files, deletions, empty commits', async () => {
  const scratch = scratches.create();
  scratch.write('a.txt', 'one\ntwo\nthree\n');
  const first = scratch.commit('First', 1_700_000_000);
  scratch.git(['mv', 'a.txt', 'ünï\tcode\nname.txt']);
  scratch.write('picture.bin', Buffer.from([0, 1, 2, 0]));
  scratch.commit('Second', 1_700_000_100);
  scratch.git(['rm', '--quiet', 'picture.bin', 'ünï\tcode\nname.txt']);
  scratch.commit('Third', 1_700_000_200);
  scratch.commit('', 1_700_000_300);
  const { listed, commits } = await read(scratch);
  expect(listed[0]).toEqual({ hash: first, branch: 'main', committedAt: 1_700_000_000 });
  expect(
    commits.map(({ message, parents, filesChanged, linesAdded, linesDeleted }) => [
      message,
      parents,
      filesChanged,
      linesAdded,
      linesDeleted,
    ]),
  ).toEqual([
    ['First', 0, 1, 3, 0],
    ['Second', 1, 2, 0, 0],
    ['Third', 1, 2, 0, 3],
    ['', 1, 0, 0, 0],
  ]);
});

it('keeps messages and names as they are, whatever they contain', async () => {
  const scratch = scratches.create();
  const message = `\u{1F600} "quotes" $(touch evil) \`x\` %H %x00 \\n\n\n1\t2\tfile\n${'c'.repeat(40)}\n\u001e\u001f\ttab`;
  scratch.commit(message, 1_700_000_000, 'O\'Neil "the\tagent" X <o\'neil+x@example.com>');
  const [commit] = (await read(scratch)).commits;
  expect(commit).toMatchObject({
    message,
    authorName: 'O\'Neil "the\tagent" X',
    authorEmail: "o'neil+x@example.com",
    filesChanged: 0,
  });
});

it("decodes text as the commit's header says, or as UTF-8 with U+FFFD for bytes that are not UTF-8", async () => {
  const scratch = scratches.create();
  // git itself would repair such a message, so the commits are written as older programs wrote
  // them.
  const tree = scratch.git(['mktree'], { input: '' });
  const who = 'Ada <ada@example.com> 1700000000 +0000';
  const commitOf = (headers: string) =>
    scratch.git(['hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: Buffer.from(`tree ${tree}\n${headers}\n\ncaf\u00e9\n`, 'latin1'),
    });
  const first = commitOf(`author ${who}\ncommitter ${who}\nencoding ISO-8859-1`);
  scratch.git(['update-ref', 'HEAD', commitOf(`parent ${first}\nauthor ${who}\ncommitter ${who}`)]);
  expect((await read(scratch)).commits.map(({ message }) => message)).toEqual(['café', 'caf\uFFFD']);
});

it('assigns a commit to the checked-out branch or else to the first branch that has it, and counts no lines for merges', async () => {
  const scratch = scratches.create();
  scratch.write('a', 'a\n');
  scratch.commit('base', 1000);
  scratch.git(['switch', '--quiet', '--create', 'feature/one']);
  scratch.write('b', 'b\n');
  scratch.commit('merged', 2000);
  scratch.git(['switch', '--quiet', 'main']);
  scratch.write('c', 'c\n');
  scratch.commit('on main', 3000);
  scratch.git(['merge', '--quiet', '--no-ff', '-m', 'merge', 'feature/one'], { at: 4000 });
  scratch.git(['switch', '--quiet', 'feature/one']);
  scratch.write('d', 'd\n');
  scratch.commit('not merged', 5000);
  scratch.git(['switch', '--quiet', 'main']);
  scratch.git(['branch', 'same']);
  const { listed, commits } = await read(scratch);
  expect(
    commits.map(({ message, linesAdded, parents }, index) => [
      message,
      listed[index]?.branch,
      linesAdded,
      parents,
    ]),
  ).toEqual([
    ['base', 'main', 1, 0],
    ['merged', 'main', 1, 1],
    ['on main', 'main', 1, 1],
    ['merge', 'main', 0, 2],
    ['not merged', 'feature/one', 1, 1],
  ]);
  const one = await read(scratch, 'feature/one');
  expect(one.commits.map(({ message }) => message)).toEqual(['base', 'merged', 'not merged']);
  await expect(read(scratch, 'nope')).rejects.toThrow(
    /^--branch: .* has no branch nope\. It has: feature\/one, main, same\.$/,
  );
});

it('orders commits by time, whatever their order in the history', async () => {
  const scratch = scratches.create();
  for (const at of [5000, 3000, 4000]) scratch.commit(`at ${at}`, at);
  expect((await read(scratch)).commits.map(({ message }) => message)).toEqual([
    'at 3000',
    'at 4000',
    'at 5000',
  ]);
});

it('ignores settings and variables, and finds nothing on an unborn branch', async () => {
  const scratch = scratches.create();
  scratch.write('a', 'a\n');
  scratch.commit('base', 1000);
  for (const [name, value] of [
    ['log.showRoot', 'false'],
    ['log.showSignature', 'true'],
    ['color.ui', 'always'],
    ['diff.renames', 'copies'],
    ['diff.external', 'false'],
    ['diff.mnemonicPrefix', 'true'],
  ] as const)
    scratch.git(['config', name, value]);
  const other = scratches.create();
  process.env['GIT_DIR'] = `${other.path}/.git`;
  try {
    expect((await read(scratch)).commits).toMatchObject([{ message: 'base', linesAdded: 1 }]);
    expect(await read(other)).toEqual({ listed: [], commits: [] });
  } finally {
    delete process.env['GIT_DIR'];
  }
});

it('reads a detached HEAD, a bare repository and a linked worktree', async () => {
  const scratch = scratches.create();
  scratch.commit('one', 1000);
  scratch.commit('two', 2000);
  const bare = scratches.clone(scratch.path, '--bare');
  expect((await read(bare)).listed.map(({ branch }) => branch)).toEqual(['main', 'main']);
  scratch.git(['checkout', '--quiet', '--detach', 'HEAD~1']);
  expect((await read(scratch)).listed.map(({ branch }) => branch)).toEqual(['HEAD', 'main']);
  scratch.git(['branch', '--delete', '--force', 'main']);
  expect((await read(scratch)).listed.map(({ branch }) => branch)).toEqual(['HEAD']);
  scratch.git(['worktree', 'add', '--quiet', '-b', 'linked', `${scratch.path}-linked`]);
  const linked = createGit(`${scratch.path}-linked`);
  expect(await listBranches(linked, null)).toMatchObject([{ name: 'linked' }]);
});

it('finds the edge of a shallow clone, and no edge elsewhere', async () => {
  const scratch = scratches.create();
  for (const at of [1000, 2000, 3000]) {
    scratch.write(`${at}`, 'line\n');
    scratch.commit(`at ${at}`, at);
  }
  const shallow = createGit(scratches.clone(`file://${scratch.path}`, '--depth=2').path);
  const branches = await listBranches(shallow, null);
  const listed = await listCommits(shallow, branches);
  expect(await shallowEdges(shallow, branches)).toEqual(new Set([listed[0]?.hash]));
  const whole = createGit(scratch.path);
  expect(await shallowEdges(whole, await listBranches(whole, null))).toEqual(new Set());
  expect(await shallowEdges(whole, [])).toEqual(new Set());
});

it('is found from a folder in it, and named by its remote or its folder', async () => {
  const scratch = scratches.create();
  scratch.write('deep/er/file', '');
  expect(await findRepository(createGit(`${scratch.path}/deep/er`))).toEqual({
    name: scratch.path.split('/').at(-1),
  });
  scratch.git(['remote', 'add', 'origin', 'https://me:secret@git.example.com/acme/shop.git']);
  expect(await findRepository(createGit(scratch.path))).toEqual({ name: 'acme/shop' });
});

it('reports that there is no repository, or no git', async () => {
  await expect(findRepository(createGit(scratches.folder))).rejects.toThrow(
    /^--repo: there is no git repository at .*not a git repository/,
  );
  await expect(findRepository(createGit('/no/such/folder'))).rejects.toThrow(
    /^--repo: there is no git repository at \/no\/such\/folder\. git rev-parse failed: cannot change to/,
  );
  const path = process.env['PATH'];
  process.env['PATH'] = scratches.folder;
  try {
    await expect(findRepository(createGit(scratches.folder))).rejects.toThrow(
      'git is not installed, or not on the PATH.',
    );
  } finally {
    process.env['PATH'] = path;
  }
});

it('ends git on request, and when nobody reads further', async () => {
  const scratch = scratches.create();
  const hashes = [1000, 2000, 3000].map((at) => scratch.commit(`at ${at}`, at));
  for await (const { message } of readCommits(createGit(scratch.path), hashes)) {
    expect(message).toBe('at 1000');
    break;
  }
  const ending = new AbortController();
  ending.abort();
  await expect(createGit(scratch.path, ending.signal).text(['rev-parse', 'HEAD'])).rejects.toThrow(
    /^git failed: .*abort/,
  );
});
