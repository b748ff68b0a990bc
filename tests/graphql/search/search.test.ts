import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { architecture, broughtArchitecture, generation } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const SAVE = 'mutation ($input: SaveArchitectureInput!) { saveArchitecture(input: $input) { created } }';
const DELETE =
  'mutation ($input: DeleteArchitectureInput!) { deleteArchitecture(input: $input) { architecture { id } } }';
const RECORD = 'mutation ($input: [GenerationInput!]!) { recordGenerations(input: $input) { accepted } }';
const SEARCH = /* GraphQL */ `
  query ($query: String!, $filter: ArchitectureFilter, $first: Int) {
    searchArchitectures(query: $query, filter: $filter, first: $first) {
      totalCount
      results { score architecture { generationId } snippets { field text } }
    }
  }
`;

interface Result {
  readonly score: number;
  readonly architecture: { readonly generationId: string };
  readonly snippets: readonly { readonly field: string; readonly text: string }[];
}

const ARCHITECTURES = [
  architecture('in-name', { name: 'Payment gateway', tags: ['prod'] }),
  architecture('in-description', { name: 'Shop', description: 'Has a payment step', provider: 'openai' }),
  architecture('in-spec', {
    name: 'Billing',
    spec: { payment: 1, nodes: [{ id: 'lb', label: 'Payment <queue> & more', ports: [8443] }] },
    tags: ['prod'],
  }),
  architecture('elsewhere', {
    name: 'Zoë’s café',
    spec: { payment: true, kind: 'web shop', host: 'api.example.com' },
  }),
];

describeEachDatabase('searchArchitectures', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    for (const input of ARCHITECTURES) await graphql.data(SAVE, { input });
    await graphql.data(SAVE, { input: architecture('theirs', { name: 'payment' }) }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function search(query: string, variables: object = {}, on = graphql, projectId?: string) {
    const { searchArchitectures } = await on.data(SEARCH, { query, ...variables }, projectId);
    const results = searchArchitectures.results as Result[];
    return {
      totalCount: searchArchitectures.totalCount as number,
      results,
      found: results.map(({ architecture: { generationId } }) => generationId),
    };
  }

  it('finds words in names, descriptions and the values inside specifications, and ranks them in that order', async () => {
    const { found, results, totalCount } = await search('payment');
    expect(found).toEqual(['in-name', 'in-description', 'in-spec']);
    expect(totalCount).toBe(3);
    const scores = results.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((one, other) => other - one));
    expect(new Set(scores).size).toBe(3);
  });

  it('shows where the words occur, as safe HTML', async () => {
    const { results } = await search('payment');
    expect(results.map(({ snippets }) => snippets)).toEqual([
      [{ field: 'name', text: '<mark>Payment</mark> gateway' }],
      [{ field: 'description', text: 'Has a <mark>payment</mark> step' }],
      [{ field: 'spec', text: expect.stringContaining('<mark>Payment</mark> &lt;queue&gt; &amp; more') }],
    ]);
  });

  it('shows every field that contains a part of the search', async () => {
    const { results } = await search('shop payment');
    expect(results).toMatchObject([
      {
        architecture: { generationId: 'in-description' },
        snippets: [
          { field: 'name', text: '<mark>Shop</mark>' },
          { field: 'description', text: 'Has a <mark>payment</mark> step' },
        ],
      },
    ]);
  });

  it.each([
    ['a word in any case', 'PAYMENT GateWay', ['in-name']],
    ['a number inside a specification', '8443', ['in-spec']],
    ['no field names inside a specification', 'ports', []],
    ['a phrase', '"web shop"', ['elsewhere']],
    ['no phrase in another order', '"shop web"', []],
    ['the beginning of a word', 'gate*', ['in-name']],
    ['texts without a word', 'payment -gateway -step', ['in-spec']],
    ['a word with punctuation', 'api.example.com', ['elsewhere']],
    ['a word with an accent', 'zoë', ['elsewhere']],
    ['nothing', 'nonsense', []],
    ['operators as words', 'payment OR', []],
    ['text with unclosed quotes', '"payment gate', []],
  ])('finds %s', async (_case, query, expected) => {
    const { found, totalCount } = await search(query);
    expect(found).toEqual(expected);
    expect(totalCount).toBe(expected.length);
  });

  it('applies filters, and returns the best of the remaining results', async () => {
    const filter = { tags: { has: 'prod' } };
    expect(await search('payment', { filter })).toMatchObject({
      found: ['in-name', 'in-spec'],
      totalCount: 2,
    });
    expect(await search('payment', { filter, first: 1 })).toMatchObject({
      found: ['in-name'],
      totalCount: 2,
    });
    const nameless = { not: { name: { startsWith: 'Pay' } }, provider: { ne: 'openai' } };
    expect(await search('payment', { filter: nameless })).toMatchObject({ found: ['in-spec'] });
    const { searchArchitectures } = await graphql.data(
      '{ searchArchitectures(query: "payment", filter: { id: { eq: "00000000-0000-7000-8000-000000000001" } }) { totalCount } }',
    );
    expect(searchArchitectures).toEqual({ totalCount: 0 });
  });

  it('stays within the project', async () => {
    expect(await search('payment', {}, graphql, 'another-project')).toMatchObject({
      found: ['theirs'],
      totalCount: 1,
    });
    expect(await search('payment', {}, graphql, 'a-third')).toMatchObject({ found: [], totalCount: 0 });
  });

  it('includes saves, deletes, and states that events carry', async () => {
    await using changing = await startGraphQL(database);
    const found = async (query: string) => (await search(query, {}, changing)).found;
    await changing.data(RECORD, {
      input: [
        generation('g-1', { architecture: broughtArchitecture({ name: 'first', spec: { a: 'alpha' } }) }),
        generation('g-2', { architecture: broughtArchitecture({ name: 'first' }) }),
      ],
    });
    expect((await found('first')).sort()).toEqual(['g-1', 'g-2']);
    await changing.data(SAVE, { input: architecture('g-1', { name: 'second', spec: { b: 'beta' } }) });
    expect([await found('first'), await found('alpha'), await found('second beta')]).toEqual([
      ['g-2'],
      [],
      ['g-1'],
    ]);
    await changing.data(RECORD, {
      input: [generation('g-1', { architecture: broughtArchitecture({ name: 'third' }) })],
    });
    expect(await found('third')).toEqual([]);
    await changing.data(DELETE, { input: { generationId: 'g-1' } });
    expect(await found('second')).toEqual([]);
  });

  it('searches the first 66,666 characters of a specification', async () => {
    await using long = await startGraphQL(database);
    const spec = { filler: 'x '.repeat(33_000), near: 'needle', rest: 'y '.repeat(1_000), far: 'haystack' };
    await long.data(SAVE, { input: architecture('g-1', { spec }) });
    const { found, results } = await search('needle', {}, long);
    expect(found).toEqual(['g-1']);
    expect(results[0]?.snippets).toMatchObject([
      { field: 'spec', text: expect.stringContaining('<mark>needle</mark>') },
    ]);
    expect(results[0]?.snippets[0]?.text.length).toBeLessThan(500);
    expect((await search('haystack', {}, long)).found).toEqual([]);
  });

  it('divides the snippets of all searches into turns, by the lengths of their texts', async () => {
    const passed: number[] = [];
    const pass = async (microseconds: number) => void passed.push(microseconds);
    await using long = await startGraphQL(database, { replace: () => ({ portions: { pass } }) });
    await long.data(SAVE, {
      input: architecture('long', { name: 'one', spec: { text: 'word '.repeat(10_000) } }),
    });
    await long.data(SAVE, { input: architecture('short', { name: 'one', spec: { text: 'word' } }) });
    passed.length = 0;
    await long.data('{ searchArchitectures(query: "one") { results { score } } }');
    expect(passed).toEqual([]);
    await long.data('{ searchArchitectures(query: "one") { results { snippets { text } } } }');
    expect(passed.toSorted((one, other) => one - other)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(Math.max(...passed)).toBeGreaterThan(100 * Math.min(...passed));
    expect(Math.max(...passed)).toBeGreaterThan(1_000);
  });

  it('takes turns with other long reads, because ranking long texts takes seconds', async () => {
    const kinds: unknown[] = [];
    await using watched = await startGraphQL(database, {
      replace: ({ store }) => ({
        store: {
          ...store,
          readEvents: (read) => {
            kinds.push([store.scope().kind, store.scope().projectId]);
            return store.readEvents(read);
          },
        },
      }),
    });
    await search('payment', {}, watched, 'shop');
    expect(kinds).toEqual([
      ['LONG', 'shop'],
      ['LONG', 'shop'],
    ]);
  });

  describe('reads only the selected fields', () => {
    it.each([
      ['{ __typename }', 0],
      ['{ totalCount }', 1],
      ['{ results { score } }', 2],
      ['{ results { snippets { text } architecture { name } } }', 2],
      ['{ totalCount results { architecture { generation { kind } } } }', 4],
    ])('%s', async (fields, expected) => {
      const statements = await graphql.countStatements(() =>
        graphql.data(`{ searchArchitectures(query: "payment") ${fields} }`),
      );
      expect(statements).toBe(expected);
    });

    it('loads only the columns that fields and snippets need', async () => {
      const asked: object[] = [];
      await using spied = await startGraphQL(database, {
        replace: ({ store }) => ({
          store: {
            ...store,
            prisma: store.prisma.$extends({
              query: {
                architecture: {
                  findMany({ args, query }) {
                    asked.push(args.select ?? {});
                    return query(args);
                  },
                },
              },
            }) as never,
          },
        }),
      });
      await spied.data(SAVE, { input: ARCHITECTURES[0] });
      const results = (fields: string) =>
        spied.data(`{ searchArchitectures(query: "payment") { results { ${fields} } } }`);
      await results('architecture { name provider }');
      await results('snippets { text }');
      expect(asked).toEqual([
        { id: true, name: true, provider: true },
        { id: true, name: true, description: true, specText: true },
      ]);
    });
  });

  it.each([
    ['an empty query', { query: '' }, 'query', /at least one word/],
    ['punctuation', { query: '*** ---' }, 'query', /at least one word/],
    ['only exclusions', { query: '-payment' }, 'query', /only excludes words/],
    ['a long query', { query: 'x'.repeat(201) }, 'query', /at most 200 characters/],
    ['many words', { query: 'a '.repeat(21) }, 'query', /at most 20/],
    ['U+0000', { query: 'a\0' }, 'query', /U\+0000/],
    ['first: 0', { query: 'a', first: 0 }, 'first', /between 1 and 100, not 0/],
    ['first: 101', { query: 'a', first: 101 }, 'first', /between 1 and 100, not 101/],
    ['a wrong filter', { query: 'a', filter: { id: { eq: 'x' } } }, 'filter.id.eq', /is not a valid id/],
  ])('refuses %s', async (_case, variables, argument, message) => {
    const { errors } = await graphql.run(SEARCH, variables);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT', argument } },
    ]);
  });
});
