import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readCommits } from '../../../../src/commands/collect/git/read-commits.ts';
import { listBranches, listCommits } from '../../../../src/commands/collect/git/repository.ts';
import { createGit } from '../../../../src/commands/collect/git/run-git.ts';
import { type Scratch, toList, useScratch } from './support/scratch.ts';

const scratches = useScratch();

async function read(path: string) {
  const git = createGit(path);
  const listed = await listCommits(git, await listBranches(git, null));
  return toList(
    readCommits(
      git,
      listed.map(({ hash }) => hash),
    ),
  );
}

/** Settings that changed what git reports of commits, or made it fail. */
const HOSTILE = {
  'diff.relative': 'true',
  'diff.ignoreSubmodules': 'all',
  'diff.submodule': 'diff',
  'diff.renames': 'false',
  'diff.renameLimit': '1',
  'diff.algorithm': 'patience',
  'diff.orderFile': '/no/such/file',
  'diff.external': 'false',
  'diff.noprefix': 'true',
  'diff.text.binary': 'true',
  'diff.text.textconv': 'false',
  'diff.text.command': 'false',
  'core.attributesFile': 'ATTRIBUTES',
  'core.bigFileThreshold': '1',
  'core.quotePath': 'true',
  'core.useReplaceRefs': 'false',
  'core.pager': 'false',
  'color.ui': 'always',
  'format.pretty': 'oneline',
  'i18n.logOutputEncoding': 'UTF-16',
  'log.showSignature': 'true',
  'log.showRoot': 'false',
  'log.follow': 'true',
  'log.diffMerges': 'first-parent',
  'log.mailmap': 'false',
  'mailmap.file': 'MAILMAP',
  'notes.displayRef': 'refs/notes/*',
} as const;

function hostileHistory(): Scratch {
  const scratch = scratches.create();
  scratch.write('.gitattributes', '*.txt diff=text\n');
  scratch.write('inner/a.txt', 'void a() {\n  x\n}\n\nvoid b() {\n  y\n}\n');
  for (const name of ['b', 'c', 'd']) scratch.write(`outer/${name}.txt`, `${name}\n`.repeat(30));
  mkdirSync(join(scratch.path, 'sub'));
  const first = scratch.commit('First', 1_700_000_000);
  scratch.git(['update-index', '--add', '--cacheinfo', `160000,${first},sub`]);
  const second = scratch.commit('Ünï', 1_700_000_100);
  scratch.git(['update-index', '--cacheinfo', `160000,${second},sub`]);
  for (const name of ['b', 'c', 'd']) {
    scratch.git(['mv', `outer/${name}.txt`, `outer/new-${name}.txt`]);
    scratch.write(`outer/new-${name}.txt`, `${name}\n`.repeat(31));
  }
  scratch.write('inner/a.txt', 'void b() {\n  y\n}\n\nvoid a() {\n  x\n  z\n}\n');
  scratch.commit('Third', 1_700_000_200);
  scratch.git(['notes', 'add', '-m', 'a note', second]);
  return scratch;
}

describe('settings of git do not change the result', () => {
  it.each(['system', 'global', 'local'] as const)('at the level %s', async (scope) => {
    const scratch = hostileHistory();
    // The expected values do not depend on the machine that runs the test.
    for (const name of ['GIT_CONFIG_SYSTEM', 'GIT_CONFIG_GLOBAL']) vi.stubEnv(name, '/dev/null');
    const right = await read(scratch.path);
    expect(right.map(({ filesChanged, linesAdded }) => [filesChanged, linesAdded])).toEqual([
      [5, 98],
      [1, 1],
      [5, 9],
    ]);
    const files = { ATTRIBUTES: '* -diff\n', MAILMAP: 'Somebody Else <ada@example.com>\n' };
    for (const [name, content] of Object.entries(files)) writeFileSync(`${scratch.path}-${name}`, content);
    const config = scope === 'local' ? join(scratch.path, '.git/config') : `${scratch.path}-config`;
    for (const [name, value] of Object.entries(HOSTILE)) {
      const text = Object.hasOwn(files, value) ? `${scratch.path}-${value}` : value;
      scratch.git(['config', '--file', config, name, text]);
    }
    if (scope !== 'local') vi.stubEnv(`GIT_CONFIG_${scope.toUpperCase()}`, config);
    expect(await read(scratch.path)).toEqual(right);
    expect(await read(join(scratch.path, 'inner'))).toEqual(right);
  });
});
