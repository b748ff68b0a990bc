import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { gitCommit } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: [GitCommitInput!]!) { recordGitCommits(input: $input) { accepted duplicates rejected { message } } }';
const COUNTS = 'commits filesChanged linesAdded linesDeleted';
const RANGE = 'range: { from: "2026-11-19T00:00:00Z", to: "2026-11-22T00:00:00Z" }';

const COMMITS = [
  { agentId: 'builder', timestamp: '2026-11-19T01:00:00Z', filesChanged: 1, linesAdded: 10, linesDeleted: 1 },
  { agentId: 'builder', timestamp: '2026-11-19T20:00:00Z', filesChanged: 2, linesAdded: 20 },
  {
    agentId: 'builder',
    timestamp: '2026-11-21T01:00:00Z',
    filesChanged: 3,
    linesDeleted: 5,
    branch: 'feature',
  },
  { timestamp: '2026-11-21T02:00:00Z', filesChanged: 1, linesAdded: 1, repository: 'acme/docs' },
  { agentId: 'reviewer', timestamp: '2026-11-22T00:00:00Z', linesAdded: 1000 },
].map((fields, index) => gitCommit(index, fields));

describeEachDatabase('commitActivity', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordGitCommits } = await graphql.data(RECORD, { input: COMMITS });
    expect(recordGitCommits).toEqual({ accepted: 5, duplicates: 0, rejected: [] });
    await graphql.data(RECORD, { input: COMMITS }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const activity = async (args: string, fields: string) =>
    (await graphql.data(`{ commitActivity(${args}) { ${fields} } }`)).commitActivity;

  it('counts commits and lines in total, per agent, per branch and per day', async () => {
    const answer = await activity(
      RANGE,
      `range { from to } ${COUNTS} byAgent { agentId ${COUNTS} } byBranch { repository branch ${COUNTS} } byDay { start end ${COUNTS} }`,
    );
    expect(answer).toEqual({
      range: { from: '2026-11-19T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' },
      commits: 4,
      filesChanged: 7,
      linesAdded: 31,
      linesDeleted: 6,
      byAgent: [
        { agentId: 'builder', commits: 3, filesChanged: 6, linesAdded: 30, linesDeleted: 6 },
        { agentId: null, commits: 1, filesChanged: 1, linesAdded: 1, linesDeleted: 0 },
      ],
      byBranch: [
        {
          repository: 'acme/shop',
          branch: 'main',
          commits: 2,
          filesChanged: 3,
          linesAdded: 30,
          linesDeleted: 1,
        },
        {
          repository: 'acme/docs',
          branch: 'main',
          commits: 1,
          filesChanged: 1,
          linesAdded: 1,
          linesDeleted: 0,
        },
        {
          repository: 'acme/shop',
          branch: 'feature',
          commits: 1,
          filesChanged: 3,
          linesAdded: 0,
          linesDeleted: 5,
        },
      ],
      byDay: [
        {
          start: '2026-11-19T00:00:00.000Z',
          end: '2026-11-20T00:00:00.000Z',
          commits: 2,
          filesChanged: 3,
          linesAdded: 30,
          linesDeleted: 1,
        },
        {
          start: '2026-11-20T00:00:00.000Z',
          end: '2026-11-21T00:00:00.000Z',
          commits: 0,
          filesChanged: 0,
          linesAdded: 0,
          linesDeleted: 0,
        },
        {
          start: '2026-11-21T00:00:00.000Z',
          end: '2026-11-22T00:00:00.000Z',
          commits: 2,
          filesChanged: 4,
          linesAdded: 1,
          linesDeleted: 5,
        },
      ],
    });
  });

  it('can be restricted to one repository, and counts days of a time zone', async () => {
    const answer = await activity(
      `${RANGE}, repository: "acme/shop", timeZone: "Asia/Tokyo"`,
      'commits byAgent(first: 1) { agentId commits } byBranch(first: 1) { branch } byDay { start commits }',
    );
    expect(answer).toEqual({
      commits: 3,
      byAgent: [{ agentId: 'builder', commits: 3 }],
      byBranch: [{ branch: 'main' }],
      byDay: [
        { start: '2026-11-18T15:00:00.000Z', commits: 1 },
        { start: '2026-11-19T15:00:00.000Z', commits: 1 },
        { start: '2026-11-20T15:00:00.000Z', commits: 1 },
        { start: '2026-11-21T15:00:00.000Z', commits: 0 },
      ],
    });
    expect(await activity(`${RANGE}, repository: "acme/none"`, `${COUNTS} byAgent { agentId }`)).toEqual({
      commits: 0,
      filesChanged: 0,
      linesAdded: 0,
      linesDeleted: 0,
      byAgent: [],
    });
  });

  it('queries only selected fields, and the totals once', async () => {
    const statements = (fields: string) => graphql.countStatements(() => activity(RANGE, fields));
    expect(await statements('range { from }')).toBe(0);
    const totals = await statements('commits');
    expect(totals).toBeGreaterThan(0);
    expect(await statements(COUNTS)).toBe(totals);
    expect(await statements('byDay { commits }')).toBeLessThanOrEqual(totals);
  });

  it.each([
    ['range: { last: "P1001D" }', 'byDay { commits }', 'range'],
    [RANGE, 'byAgent(first: 0) { commits }', 'first'],
    [RANGE, 'byBranch(first: 1001) { commits }', 'first'],
    ['range: { last: "PT0S" }', 'commits', 'range.last'],
  ])('refuses %s { %s }', async (args, fields, argument) => {
    const { errors } = await graphql.run(`{ commitActivity(${args}) { ${fields} } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  it('is a feed of the newest commits, and sends each new one once when it is stored', async () => {
    const { gitCommits } = await graphql.data('{ gitCommits(first: 2) { nodes { message } } }');
    expect(gitCommits.nodes).toEqual([{ message: 'Commit 4' }, { message: 'Commit 3' }]);
    const stream = await graphql.subscribe(
      'subscription { gitCommitRecorded { commitHash agent { agentId } } }',
    );
    const again = await graphql.data(RECORD, { input: [COMMITS[0], gitCommit(77)] });
    expect(again.recordGitCommits).toMatchObject({ accepted: 1, duplicates: 1 });
    const { value } = await stream.next();
    expect(value.data.gitCommitRecorded).toEqual({ commitHash: `${'0'.repeat(38)}4d`, agent: null });
    await stream.return?.();
  });
});
