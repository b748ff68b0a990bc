import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { architecture, broughtArchitecture, generation, requestLog } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted rejected { message } } }';
const SAVE =
  'mutation ($input: SaveArchitectureInput!) { saveArchitecture(input: $input) { architecture { generation { kind } } } }';

/**
 * Four generations, of which the even ones carry an architecture. Two architectures have no
 * generation.
 */
async function fill(graphql: TestGraphQL): Promise<void> {
  const generations = [1, 2, 3, 4].map((number) =>
    generation(`g-${number}`, {
      requestId: 'r-1',
      kind: `kind-${number}`,
      timestamp: `2026-11-22T11:0${number}:00Z`,
      ...(number % 2 === 0 && { architecture: broughtArchitecture({ name: `made by ${number}` }) }),
    }),
  );
  await graphql.data(RECORD, { input: { requestLogs: [requestLog('r-1')], generations } });
  for (const number of [8, 9]) {
    await graphql.data(SAVE, { input: architecture(`g-${number}`, { name: `orphan ${number}` }) });
  }
}

describeEachDatabase('generations and architectures', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await fill(graphql);
    await graphql.data(SAVE, { input: architecture('g-1', { name: 'theirs' }) }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('lead from generations to architectures', async () => {
    const { generations } = await graphql.data(
      '{ generations(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { kind architecture { name } } } }',
    );
    expect(generations.nodes).toEqual([
      { kind: 'kind-1', architecture: null },
      { kind: 'kind-2', architecture: { name: 'made by 2' } },
      { kind: 'kind-3', architecture: null },
      { kind: 'kind-4', architecture: { name: 'made by 4' } },
    ]);
  });

  it('lead back, and further', async () => {
    const { architectures } = await graphql.data(`{
      architectures(orderBy: { field: NAME, direction: ASC }) {
        nodes { name generation { kind architecture { name } requestLog { endpoint } } }
      }
    }`);
    expect(architectures.nodes).toEqual([
      ...[2, 4].map((number) => ({
        name: `made by ${number}`,
        generation: {
          kind: `kind-${number}`,
          architecture: { name: `made by ${number}` },
          requestLog: { endpoint: '/chat' },
        },
      })),
      { name: 'orphan 8', generation: null },
      { name: 'orphan 9', generation: null },
    ]);
  });

  it('lead from requests to generations', async () => {
    const { requestLogs } = await graphql.data(
      '{ requestLogs { nodes { generations { kind architecture { name } } } } }',
    );
    expect(requestLogs.nodes[0].generations).toHaveLength(4);
    expect(requestLogs.nodes[0].generations[1]).toEqual({
      kind: 'kind-2',
      architecture: { name: 'made by 2' },
    });
  });

  it('use one statement per field for any number of parents', async () => {
    const statements = (first: number) =>
      graphql.countStatements(() =>
        graphql.data(
          'query ($first: Int) { generations(first: $first) { nodes { architecture { name generation { kind } } } } }',
          { first },
        ),
      );
    expect(await statements(1)).toBe(3);
    expect(await statements(4)).toBe(3);
    const back = (first: number) =>
      graphql.countStatements(() =>
        graphql.data(
          'query ($first: Int) { architectures(first: $first) { nodes { generation { kind } } } }',
          { first },
        ),
      );
    expect(await back(1)).toBe(3);
    expect(await back(4)).toBe(3);
  });

  it('stay within the project', async () => {
    const { architectures } = await graphql.data(
      '{ architectures { nodes { name generation { kind } } } }',
      {},
      'another-project',
    );
    expect(architectures.nodes).toEqual([{ name: 'theirs', generation: null }]);
  });
});
