import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const CREATE_KEY =
  'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { apiKeyId start } } }';
const CREATE_PROJECT =
  'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { projectId } } }';
const REVOKE = 'mutation ($id: UUID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { revokedAt } } }';

const LISTS = [
  ['projects', 'projectId'],
  ['apiKeys', 'name'],
] as const;

describeEachDatabase('many projects and keys', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database, { environment: { MAX_PROJECTS: '5', MAX_KEYS_PER_PROJECT: '5' } });
    for (const number of [1, 2, 3, 4]) {
      await graphql.data(CREATE_PROJECT, { input: { projectId: `p${number}` } });
    }
    for (const number of [1, 2, 3, 4, 5]) await createKey(`k${number}`);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const createKey = (name: string) =>
    graphql.data(CREATE_KEY, { input: { project: 'p1', scopes: ['READ'], name } });

  describe.each(LISTS)('are listed in pages: %s', (list, shown) => {
    const all = list === 'projects' ? ['default', 'p1', 'p2', 'p3', 'p4'] : ['k5', 'k4', 'k3', 'k2', 'k1'];

    async function page(args: string) {
      const source = `{ ${list}${args} { totalCount nodes { ${shown} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
      const { totalCount, nodes, pageInfo } = (await graphql.data(source))[list];
      return { totalCount, pageInfo, names: nodes.map((node: Record<string, string>) => node[shown]) };
    }

    it('from the start and from the end', async () => {
      expect(await page('')).toMatchObject({ names: all, totalCount: 5, pageInfo: { hasNextPage: false } });
      const first = await page('(first: 2)');
      expect(first).toMatchObject({ names: all.slice(0, 2), totalCount: 5, pageInfo: { hasNextPage: true } });
      const next = await page(`(first: 2, after: "${first.pageInfo.endCursor}")`);
      expect(next).toMatchObject({ names: all.slice(2, 4), pageInfo: { hasNextPage: true } });
      const last = await page('(last: 2)');
      expect(last).toMatchObject({ names: all.slice(3), pageInfo: { hasPreviousPage: true } });
      const before = await page(`(last: 2, before: "${last.pageInfo.startCursor}")`);
      expect(before.names).toEqual(all.slice(1, 3));
      const { endCursor } = (await page('')).pageInfo;
      const beyond = await page(`(after: "${endCursor}")`);
      expect(beyond).toMatchObject({ names: [], pageInfo: { startCursor: null, endCursor: null } });
    });

    it.each([
      ['(first: 0)', 'first', '`first` must be between 1 and 500, not 0.'],
      ['(last: 501)', 'last', '`last` must be between 1 and 500, not 501.'],
      ['(first: 1, last: 1)', 'last', 'Give `first` or `last`, not both.'],
      ['(after: "A B")', 'after', '"A B" is not a valid cursor'],
    ])('and refuse bad arguments: %s', async (args, argument, message) => {
      const { errors } = await graphql.run(`{ ${list}${args} { totalCount } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
      expect(errors?.[0]?.message).toContain(message);
    });
  });

  it('have a limit, and the refusal names a key that could be revoked', async () => {
    const full = await graphql.run(CREATE_KEY, { input: { project: 'p1', scopes: ['READ'] } });
    const [error] = full.errors ?? [];
    expect(error?.extensions).toMatchObject({ code: 'CONFLICT', argument: 'input.project' });
    expect(error?.message).toMatch(
      /^There are already 5 active API keys of the project "p1", the maximum \(MAX_KEYS_PER_PROJECT\)\. Revoke one first, such as [\da-f-]{36} \(tlt_\w{8}…, never used\)\.$/,
    );
    // Another project has room, and so does this one as soon as the named key is revoked.
    await graphql.data(CREATE_KEY, { input: { project: 'p2', scopes: ['READ'] } });
    const [id] = error?.message.match(/[\da-f-]{36}/) ?? [];
    await graphql.data(REVOKE, { id });
    await createKey('k6');
    const input = { projectId: 'p5' };
    expect((await graphql.run(CREATE_PROJECT, { input })).errors).toMatchObject([
      {
        message: expect.stringMatching(/^There are already 5 projects, the maximum \(MAX_PROJECTS\)/),
        extensions: { code: 'CONFLICT', argument: 'input.projectId' },
      },
    ]);
  });

  it('have the same limit for requests at the same moment', async () => {
    await using empty = await startGraphQL(database, {
      environment: { MAX_PROJECTS: '3', MAX_KEYS_PER_PROJECT: '3' },
    });
    const codes = async (document: string, inputs: object[]) => {
      const answers = await Promise.all(inputs.map((input) => empty.run(document, { input })));
      return answers.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'CREATED').sort();
    };
    const numbers = [1, 2, 3, 4, 5];
    expect(
      await codes(
        CREATE_KEY,
        numbers.map(() => ({ project: 'default', scopes: ['READ'] })),
      ),
    ).toEqual([...['CONFLICT', 'CONFLICT', 'CREATED', 'CREATED', 'CREATED']]);
    // The project `default` exists from the start.
    expect(
      await codes(
        CREATE_PROJECT,
        numbers.map((number) => ({ projectId: `new-${number}` })),
      ),
    ).toEqual([...['CONFLICT', 'CONFLICT', 'CONFLICT', 'CREATED', 'CREATED']]);
  });

  it('show a key of one project only its own', async () => {
    const caller = { ...callerOf('p2', ['ADMIN']), allProjects: false };
    const source =
      '{ projects { totalCount nodes { projectId } } apiKeys { totalCount nodes { projectId } } }';
    const own = { totalCount: 1, nodes: [{ projectId: 'p2' }] };
    expect(await graphql.data(source, {}, caller)).toEqual({ projects: own, apiKeys: own });
  });
});
