import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../support/databases.ts';
import { runCommand } from '../../../support/run-command.ts';
import { startProcess } from '../../../support/start-process.ts';
import { useScratch } from './support/scratch.ts';

describeEachDatabase('telltale collect git', (database) => {
  const scratches = useScratch();

  async function run(...args: readonly string[]) {
    await using telltale = startProcess(['collect', 'git', ...args], {});
    return { code: await telltale.ended, stdout: telltale.stdout, stderr: telltale.stderr };
  }

  it('records a repository without a server, reports the result, and ends at Ctrl-C when following', async () => {
    const url = await database.createUrl();
    const scratch = scratches.create();
    scratch.git(['remote', 'add', 'origin', 'git@git.example.com:acme/shop.git']);
    scratch.commit('first', 1_700_000_000);
    const target = ['--repo', scratch.path, '--database', url];
    const first = await run(...target);
    expect(first.stdout).toMatch(/^1 commit: 1 accepted, 0 duplicates, 0 rejected, [\d,]+ commits\/s\n$/);
    expect(first.stderr).toContain('Collecting the commits of acme/shop into ');
    expect(first.code).toBe(0);
    const again = await runCommand(['collect', 'git', ...target, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ repository: 'acme/shop', commits: 1, duplicates: 1 });

    await using following = startProcess(['collect', 'git', ...target, '--follow'], {});
    await expect.poll(() => following.stdout).toMatch(/^1 commit: 0 accepted, 1 duplicates/);
    following.child.kill('SIGINT');
    expect(await following.ended).toBe(0);
    // Two processes that load the whole server, on a machine that may be busy.
  });

  it('refuses impossible requests before it opens anything', async () => {
    const wrong = await run('--repo', scratches.folder);
    expect(wrong).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^--repo: there is no git repository at .*\n$/),
    });
    const { path } = scratches.create();
    const agent = await run('--repo', path, '--agent-by', 'committer');
    expect(agent).toMatchObject({
      code: 2,
      stderr: '--agent-by: committer is not one of author-name, author-email, none.\n',
    });
  });
});
