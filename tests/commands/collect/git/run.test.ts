import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listBranches, listCommits, shallowEdges } from '../../../../src/commands/collect/git/repository.ts';
import { type Collection, runCollection } from '../../../../src/commands/collect/git/run.ts';
import { createGit } from '../../../../src/commands/collect/git/run-git.ts';
import { renderResult } from '../../../../src/commands/collect/git/summary.ts';
import { createAppTarget } from '../../../../src/commands/import/app-target.ts';
import { createHttpTarget } from '../../../../src/commands/import/http-target.ts';
import type { AskedTarget } from '../../../../src/commands/import/target.ts';
import { gitCommits } from '../../../../src/declarations/agents/git-commits.ts';
import { describeEachDatabase } from '../../../support/databases.ts';
import { startApp, type TestApp } from '../../../support/start-app.ts';
import { rememberingGit } from './support/remembering-git.ts';
import { once, type Scratch, useScratch } from './support/scratch.ts';

const OWN = fileURLToPath(new URL('../../../../', import.meta.url));
const hasHistory = existsSync(`${OWN}/.git`);
/** The output of git is the same for both databases. */
const ownGit = rememberingGit(createGit(OWN));
const COUNTS = /([\d,]+) commits?: ([\d,]+) accepted, ([\d,]+) duplicates, ([\d,]+) rejected/;

// Repositories that tests only read are created once for both databases, because git takes most of
// the time.
const scratches = useScratch();

function twoAgents(at: number): Scratch {
  const scratch = scratches.create();
  scratch.write('a', 'one\ntwo\n');
  scratch.commit('Start', at);
  scratch.git(['switch', '--quiet', '--create', 'feature']);
  scratch.write('a', 'one\nzwei\n');
  scratch.commit('Translate\n\npassword=hunter2', at + 60, 'Grace Reviewer <grace@example.com>');
  return scratch;
}
const twoAgentsOf2024 = once(() => twoAgents(1_710_000_000));
const nobody = once(() => {
  const scratch = scratches.create();
  scratch.commit('Nobody', 1_750_000_000);
  return scratch;
});
const tooLong = once(() => {
  const scratch = scratches.create();
  const name = `${'n'.repeat(199)}\u{1F600}`;
  scratch.commit(`${'m'.repeat(20_000)}`, 1_700_000_000, `${name} <${'e'.repeat(400)}@example.com>`);
  return { scratch, ahead: scratch.commit('From the future', 4_000_000_000) };
});
const empty = once(() => scratches.create());
const threeLines = once(() => {
  const scratch = scratches.create();
  for (const at of [1_700_000_000, 1_700_000_060, 1_700_000_120]) {
    scratch.write(`${at}`, 'line\n');
    scratch.commit(`at ${at}`, at);
  }
  return scratch;
});

describeEachDatabase('collect git', (database) => {
  let server: TestApp;
  let printed: string[] = [];
  // Tests share the server: each has its own repository, with commits that no other test makes.
  let repository = '';
  let count = 0;
  beforeAll(async () => {
    server = await startApp({ database });
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    printed = [];
    repository = `acme/shop-${++count}`;
  });

  function collect(path: string, target: AskedTarget, options: Partial<Collection> = {}): Promise<number> {
    return runCollection({
      dataset: gitCommits,
      git: createGit(path),
      branch: null,
      target,
      repository,
      agentBy: 'author-name',
      progress: { update: () => undefined, finish: () => undefined },
      now: () => 0,
      show: (result, seconds) => printed.push(...renderResult(result, seconds)),
      ...options,
    });
  }

  /** The numbers of commits, accepted, duplicates and rejected in the last line. */
  const lastCounts = () =>
    COUNTS.exec(printed.at(-1) ?? '')
      ?.slice(1)
      .map((text) => Number(text.replaceAll(',', '')));

  const storedCommits = async (fields: string) =>
    (
      await server.query<{ gitCommits: { nodes: unknown[] } }>(
        `query ($repository: String!) {
          gitCommits(first: 500, filter: { repository: { eq: $repository } }, orderBy: { field: TIMESTAMP, direction: ASC }) {
            nodes { ${fields} }
          }
        }`,
        { repository },
      )
    ).gitCommits.nodes;

  it('records commits through the server, and only new ones when it runs again', async () => {
    const scratch = twoAgents(1_700_000_000);
    expect(await collect(scratch.path, createHttpTarget(server.url))).toBe(0);
    expect(lastCounts()).toEqual([2, 2, 0, 0]);
    expect(
      await storedCommits(
        'message branch repository agentId authorEmail timestamp filesChanged linesAdded linesDeleted attributes',
      ),
    ).toEqual([
      {
        message: 'Start',
        branch: 'feature',
        repository,
        agentId: 'Ada Builder',
        authorEmail: 'ada@example.com',
        timestamp: '2023-11-14T22:13:20.000Z',
        filesChanged: 1,
        linesAdded: 2,
        linesDeleted: 0,
        attributes: { authoredAt: '2023-11-14T22:13:20.000Z', parents: 0 },
      },
      {
        message: 'Translate\n\npassword=***',
        branch: 'feature',
        repository,
        agentId: 'Grace Reviewer',
        authorEmail: 'grace@example.com',
        timestamp: '2023-11-14T22:14:20.000Z',
        filesChanged: 1,
        linesAdded: 1,
        linesDeleted: 1,
        attributes: { authoredAt: '2023-11-14T22:14:20.000Z', parents: 1 },
      },
    ]);

    scratch.commit('Next', 1_700_000_120);
    const sent: number[] = [];
    const counted = createAppTarget(server.app);
    await collect(scratch.path, {
      ...counted,
      send: (dataset, events) => {
        sent.push(events.length);
        return counted.send(dataset, events);
      },
    });
    expect(sent).toEqual([1]);
    expect(lastCounts()).toEqual([3, 1, 2, 0]);
    // Under another name there is no progress, but still nothing is stored twice.
    await collect(scratch.path, createHttpTarget(server.url), { repository: 'acme/fork' });
    expect(lastCounts()).toEqual([3, 0, 3, 0]);
    expect(await storedCommits('id')).toHaveLength(3);
  });

  it('names agents as the flags say', async () => {
    const target = createHttpTarget(server.url);
    await collect(twoAgentsOf2024().path, target, { agentBy: 'author-email' });
    await collect(nobody().path, target, { agentBy: 'none' });
    expect(await storedCommits('agentId')).toEqual([
      { agentId: 'ada@example.com' },
      { agentId: 'grace@example.com' },
      { agentId: null },
    ]);
  });

  it('cuts what is too long, and names commits that the server refuses', async () => {
    const { scratch, ahead } = tooLong();
    expect(await collect(scratch.path, createHttpTarget(server.url))).toBe(1);
    expect(printed.slice(0, 2)).toEqual([
      'Rejected commits:',
      expect.stringMatching(new RegExp(`^  ${ahead.slice(0, 12)}: timestamp: `)),
    ]);
    expect(lastCounts()).toEqual([2, 1, 0, 1]);
    expect(await storedCommits('authorName message')).toEqual([
      { authorName: 'n'.repeat(199), message: 'm'.repeat(10_000) },
    ]);
  });

  it('finds nothing in an empty repository, and omits the edge of a shallow clone until it is fetched', async () => {
    const target = createHttpTarget(server.url);
    await collect(empty().path, target);
    expect(lastCounts()).toEqual([0, 0, 0, 0]);
    const clone = scratches.clone(`file://${threeLines().path}`, '--depth=2');
    await collect(clone.path, target);
    expect(printed.at(-2)).toMatch(/^1 commit is left out: the clone is shallow/);
    expect(lastCounts()).toEqual([1, 1, 0, 0]);
    clone.git(['fetch', '--quiet', '--unshallow']);
    await collect(clone.path, target);
    expect(lastCounts()).toEqual([3, 2, 1, 0]);
    expect(await storedCommits('linesAdded')).toEqual([
      { linesAdded: 1 },
      { linesAdded: 1 },
      { linesAdded: 1 },
    ]);
  });

  it('follows: records new commits at each poll, reports failures once, and ends on request', async () => {
    const scratch = scratches.create();
    const target = createHttpTarget(server.url, { sleep: async () => undefined });
    let fails = false;
    const wavering: AskedTarget = {
      ...target,
      send: (dataset, events) =>
        fails
          ? createHttpTarget('http://127.0.0.1:1/graphql', { sleep: async () => undefined }).send(
              dataset,
              events,
            )
          : target.send(dataset, events),
    };
    const problems: string[] = [];
    const ending = new AbortController();
    const pauses = [
      () => undefined,
      () => void scratch.commit('first', 1_700_000_000),
      () => void scratch.git(['switch', '--quiet', '--create', 'feature']),
      () => {
        fails = true;
        scratch.commit('second', 1_700_000_060);
      },
      () => undefined,
      () => {
        fails = false;
      },
      () => ending.abort(),
    ];
    await collect(scratch.path, wavering, {
      following: {
        signal: ending.signal,
        pause: async () => pauses.shift()?.(),
        onProblem: (message) => problems.push(message),
      },
    });
    expect(pauses).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/graphql no longer answers/)]);
    expect(printed.map((line) => COUNTS.exec(line)?.slice(1, 4))).toEqual([
      ['0', '0', '0'],
      ['1', '1', '0'],
      ['2', '1', '1'],
    ]);
    expect(await storedCommits('message branch')).toEqual([
      { message: 'first', branch: 'main' },
      { message: 'second', branch: 'feature' },
    ]);
  });

  describe.skipIf(!hasHistory)(
    "this repository's own history (skipped where there is none, as in a source archive)",
    () => {
      it('is recorded once, with the line counts of git', async () => {
        const git = ownGit;
        const branches = (await listBranches(git, null)).slice(0, 1);
        const edges = await shallowEdges(git, branches);
        const listed = (await listCommits(git, branches)).filter(({ hash }) => !edges.has(hash));
        const branch = branches[0]?.name === 'HEAD' ? null : (branches[0]?.name ?? null);
        const target = createHttpTarget(server.url);
        expect(await collect(OWN, target, { branch, git })).toBe(0);
        const [commits = 0, ...rest] = lastCounts() ?? [];
        expect(rest).toEqual([commits, 0, 0]);
        expect(commits).toBeGreaterThanOrEqual(listed.length);
        await collect(OWN, createAppTarget(server.app), { branch, git });
        expect(lastCounts()).toEqual([commits, 0, commits, 0]);

        // The sums that git itself computes, for all commits except merges.
        const log = await git.text(
          ['log', '--no-walk', '--stdin', '--no-merges', '--shortstat', '-M', '--format='],
          listed.map(({ hash }) => `${hash}\n`).join(''),
        );
        const sumOf = (pattern: RegExp) =>
          [...log.matchAll(pattern)].reduce((sum, [, digits]) => sum + Number(digits), 0);
        const { commitActivity } = await server.query<{ commitActivity: Record<string, unknown> }>(
          `query ($repository: String) {
          commitActivity(repository: $repository, range: { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" }) {
            commits filesChanged linesAdded linesDeleted byBranch { branch }
          }
        }`,
          { repository },
        );
        expect(commitActivity['commits']).toBe(commits);
        if (branch === null || commits === 0) return;
        expect(commitActivity).toEqual({
          commits,
          filesChanged: sumOf(/(\d+) files? changed/g),
          linesAdded: sumOf(/(\d+) insertion/g),
          linesDeleted: sumOf(/(\d+) deletion/g),
          byBranch: [{ branch }],
        });
      });
    },
  );
});
