import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { architecture } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const SAVE = 'mutation ($input: SaveArchitectureInput!) { saveArchitecture(input: $input) { created } }';
const LIST = /* GraphQL */ `
  query ListArchitectures($filter: ArchitectureFilter, $orderBy: ArchitectureOrder, $first: Int, $after: String, $last: Int, $before: String) {
    architectures(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes { generationId name }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

describeEachDatabase('filters of architectures', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const saved = [
      {
        provider: 'openai',
        kind: 'aws',
        endUser: 'ann',
        tags: ['prod', 'eu'],
        createdAt: '2026-11-01T00:00:00Z',
      },
      { provider: 'openai', kind: 'c4', endUser: 'bob', tags: ['prod'], createdAt: '2026-11-02T00:00:00Z' },
      {
        provider: 'anthropic',
        kind: 'c4',
        endUser: 'ann',
        tags: ['Prod', '"eu"'],
        createdAt: '2026-11-03T00:00:00Z',
      },
      { tags: [], createdAt: '2026-11-04T00:00:00Z' },
    ];
    for (const [index, fields] of saved.entries()) {
      await graphql.data(SAVE, { input: architecture(String(index), fields) });
    }
    await graphql.data(SAVE, { input: architecture('theirs', { tags: ['prod'] }) }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it.each<[string, object, string]>([
    ['provider', { provider: { eq: 'openai' } }, '01'],
    ['end user', { endUser: { in: ['ann', 'nobody'] } }, '02'],
    ['kind', { kind: { ne: 'c4' } }, '03'],
    ['an absent provider', { provider: { eq: null } }, '3'],
    ['time', { createdAt: { gte: '2026-11-02T00:00:00Z', lt: '2026-11-04T00:00:00Z' } }, '12'],
    ['name', { name: { startsWith: 'Web' } }, '0123'],
    ['generation', { generationId: { in: ['1', '2'] } }, '12'],
    ['a tag', { tags: { has: 'prod' } }, '01'],
    ['a tag with quotes', { tags: { has: '"eu"' } }, '2'],
    ['a part of a tag', { tags: { has: 'pro' } }, ''],
    ['some of some tags', { tags: { hasSome: ['eu', 'Prod'] } }, '02'],
    ['some of no tags', { tags: { hasSome: [] } }, ''],
    ['every tag', { tags: { hasEvery: ['eu', 'prod'] } }, '0'],
    ['every tag of none', { tags: { hasEvery: [] } }, '0123'],
    ['without a tag', { not: { tags: { has: 'prod' } } }, '23'],
    ['not some of them', { not: { tags: { hasSome: ['eu', 'Prod'] } } }, '13'],
    ['not every one of them', { not: { tags: { hasEvery: ['eu', 'prod'] } } }, '123'],
    ['several together', { tags: { has: 'prod' }, provider: { eq: 'openai' }, endUser: { eq: 'bob' } }, '1'],
    ['either', { or: [{ kind: { eq: 'aws' } }, { tags: { has: 'Prod' } }] }, '02'],
  ])('%s', async (_name, filter, expected) => {
    const { architectures } = await graphql.data(LIST, {
      filter,
      orderBy: { field: 'CREATED_AT', direction: 'ASC' },
    });
    expect(
      architectures.nodes.map(({ generationId }: { generationId: string }) => generationId).join(''),
    ).toBe(expected);
    expect(architectures.totalCount).toBe(expected.length);
  });

  it('give the newest first by default', async () => {
    const { architectures } = await graphql.data(LIST, { first: 2 });
    expect(architectures.nodes).toMatchObject([{ generationId: '3' }, { generationId: '2' }]);
  });

  it('do not offer columns that are only stored', async () => {
    const { errors } = await graphql.run(LIST, { filter: { specText: { contains: 'lb' } } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

/**
 * Names whose order by locale or by code units differs from that by code points; some are equal.
 */
const NAMES = [
  'b',
  'B',
  'a',
  'ä',
  'Z',
  'z',
  'é',
  'e\u0301',
  'ß',
  'ss',
  '\uffee',
  '🙂',
  ' ',
  ' a',
  'a',
  'b',
  "it's",
  '10',
  '9',
  'ı',
  'I',
  'i',
];

const byCodePoint = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

describeEachDatabase('architectures sorted by name', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    for (const [index, name] of NAMES.entries()) {
      await graphql.data(SAVE, { input: architecture(String(index), { name }) });
    }
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const list = async (variables: object) => (await graphql.data(LIST, { ...variables })).architectures;

  describe.each(['ASC', 'DESC'])('%s', (direction) => {
    const orderBy = { field: 'NAME', direction };

    it('are in the order of their code points on every database', async () => {
      const { nodes } = await list({ orderBy });
      const names = nodes.map(({ name }: { name: string }) => name);
      const sorted = [...NAMES].sort(byCodePoint);
      expect(names).toEqual(direction === 'ASC' ? sorted : sorted.reverse());
    });

    it.each([1, 3, 7])('are paged through by %i, forwards and backwards', async (size) => {
      const { nodes: all } = await list({ orderBy });
      const forwards = [];
      let after: string | null = null;
      do {
        const { nodes, pageInfo } = await list({ orderBy, first: size, after });
        forwards.push(...nodes);
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null);
      expect(forwards).toEqual(all);

      const backwards = [];
      let before: string | null = null;
      do {
        const { nodes, pageInfo } = await list({ orderBy, last: size, before });
        backwards.unshift(...nodes);
        before = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
      } while (before !== null);
      expect(backwards).toEqual(all);
    });
  });

  it('refuse a cursor of another order', async () => {
    const { pageInfo } = await list({ first: 1, orderBy: { field: 'NAME', direction: 'ASC' } });
    const { errors } = await graphql.run(LIST, {
      after: pageInfo.endCursor,
      orderBy: { field: 'NAME', direction: 'DESC' },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });
});
