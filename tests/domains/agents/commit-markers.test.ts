import { afterAll, beforeAll, expect, it } from 'vitest';
import { datasets } from '../../../src/declarations/registry.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { gitCommit, llmCall } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(Date.parse(NOW) - days * DAY_MS).toISOString();

describeEachDatabase('commits as markers', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const commits = [
      gitCommit(1, { timestamp: ago(8), agentId: 'builder' }),
      gitCommit(2, { timestamp: ago(7), agentId: 'builder' }),
      gitCommit(3, { timestamp: ago(3), agentId: 'reviewer' }),
      gitCommit(4, { timestamp: ago(2), agentId: 'builder', repository: 'acme/pay' }),
      gitCommit(5, { timestamp: NOW, agentId: 'builder' }),
    ];
    await record([llmCall({ timestamp: ago(3) })], commits);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const WEEK = `range: { from: "${ago(7)}", to: "${NOW}" }`;

  it('are those in the range of the series, from its start to before its end, newest first', async () => {
    const { llmCallAnalytics } = await graphql.data(`{
      llmCallAnalytics(${WEEK}, filter: { provider: { eq: "openai" } }) {
        series(grain: DAY, fill: NONE) { points { start stats { count } } }
        commits { totalCount nodes { message agentId timestamp } }
        newest: commits(first: 1) { totalCount nodes { message } pageInfo { hasNextPage } }
        oldest: commits(first: 1, orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { message } }
        builders: commits(filter: { agentId: { eq: "builder" }, repository: { eq: "acme/shop" } }) { nodes { message } }
        previous { range { from } commits { nodes { message } } }
      }
    }`);
    expect(llmCallAnalytics).toEqual({
      series: [{ points: [{ start: `${ago(3).slice(0, 10)}T00:00:00.000Z`, stats: { count: 1 } }] }],
      commits: {
        totalCount: 3,
        nodes: [
          { message: 'Commit 4', agentId: 'builder', timestamp: ago(2) },
          { message: 'Commit 3', agentId: 'reviewer', timestamp: ago(3) },
          { message: 'Commit 2', agentId: 'builder', timestamp: ago(7) },
        ],
      },
      newest: { totalCount: 3, nodes: [{ message: 'Commit 4' }], pageInfo: { hasNextPage: true } },
      oldest: { nodes: [{ message: 'Commit 2' }] },
      builders: { nodes: [{ message: 'Commit 2' }] },
      previous: { range: { from: ago(14) }, commits: { nodes: [{ message: 'Commit 1' }] } },
    });
  });

  it('are available beside the analytics of every dataset', async () => {
    const fields = datasets.map(({ fields }) => `${fields.analytics}(${WEEK}) { commits { totalCount } }`);
    const answer = await graphql.data(`{ ${fields.join(' ')} }`);
    const each = datasets.map(({ fields }) => [fields.analytics, { commits: { totalCount: 3 } }]);
    expect(answer).toEqual(Object.fromEntries(each));
  });

  it('use the range of the answer if it differs from the one in the query', async () => {
    // Hours remain, so a range that begins at 12:40 is answered from 13:00 on.
    const aged = 'aged';
    const minutesAfter = (minutes: number) => new Date(Date.parse(ago(5)) + minutes * 60_000).toISOString();
    await commitAt(minutesAfter(50), 1, aged);
    await commitAt(minutesAfter(60), 2, aged);
    await keep('llmCalls', 2, aged);
    const document = `{
      llmCallAnalytics(range: { from: "${minutesAfter(40)}", to: "${NOW}" }) {
        range { from }
        commits { nodes { message } }
      }
    }`;
    expect(await graphql.data(document, {}, aged)).toEqual({
      llmCallAnalytics: {
        range: { from: minutesAfter(60) },
        commits: { nodes: [{ message: 'Commit 2' }] },
      },
    });
  });

  it('are reported as missing if a retention policy has removed them', async () => {
    const removed = 'removed';
    await commitAt(ago(6), 1, removed);
    await commitAt(ago(1), 2, removed);
    await keep('gitCommits', 2, removed);
    const document = `{ llmCallAnalytics(${WEEK}) { commits { totalCount } } }`;
    const { data, errors, extensions } = await graphql.run(document, {}, removed);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ llmCallAnalytics: { commits: { totalCount: 1 } } });
    const since = `${ago(2).slice(0, 10)}T00:00:00.000Z`;
    expect(extensions).toMatchObject({
      kept: [{ dataset: 'gitCommits', missing: [{ from: ago(7), to: since }] }],
    });
    const exact = document.replace('to:', 'exact: true, to:');
    const refused = await graphql.run(exact, {}, removed);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'range' } }]);
  });

  /** A commit beside a call, both recorded when they happened. */
  async function commitAt(timestamp: string, number: number, projectId: string): Promise<void> {
    graphql.clock.set(Date.parse(timestamp));
    await record([llmCall({ timestamp })], [gitCommit(number, { timestamp })], projectId);
    graphql.clock.set(Date.parse(NOW));
  }

  const record = (calls: readonly object[], commits: readonly object[], projectId?: string) =>
    graphql.data(
      `mutation ($calls: [LlmCallInput!]!, $commits: [GitCommitInput!]!) {
        recordLlmCalls(input: $calls) { accepted }
        recordGitCommits(input: $commits) { accepted }
      }`,
      { calls, commits },
      projectId,
    );

  async function keep(dataset: string, days: number, projectId: string): Promise<void> {
    await graphql.data(
      'mutation ($input: SetRetentionPolicyInput!) { setRetentionPolicy(input: $input) { retentionPolicy { dataset } } }',
      { input: { dataset, rowDays: days, minuteDays: days } },
      projectId,
    );
    await graphql.services.retention.run();
  }
});
