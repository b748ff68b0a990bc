import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall, uuidOf } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted rejected { message } } }';

const LIST = /* GraphQL */ `
  query List($filter: LlmCallFilter, $orderBy: LlmCallOrder, $first: Int, $after: String, $last: Int, $before: String) {
    llmCalls(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { uuid } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

/**
 * Call number n happened n minutes before now; each instant has two calls. Every third call has no
 * cost.
 */
function callNumber(number: number) {
  const timestamp = new Date(Date.parse(NOW) - Math.ceil(number / 2) * 60_000).toISOString();
  return llmCall({
    id: uuidOf(number),
    timestamp,
    provider: 'nobody',
    model: number % 2 === 0 ? 'even' : 'odd',
    latencyMs: (number * 7) % 10,
    ...(number % 3 !== 0 && { cost: (number % 5) / 1000 }),
  });
}

const COUNT = 23;
const NEWEST_FIRST = Array.from({ length: COUNT }, (_, index) => index + 1).sort(
  (one, other) => Math.ceil(one / 2) - Math.ceil(other / 2) || other - one,
);

describeEachDatabase('lists', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const input = NEWEST_FIRST.map(callNumber);
    expect((await graphql.data(RECORD, { input })).recordLlmCalls).toEqual({ accepted: COUNT, rejected: [] });
    await graphql.data(RECORD, { input: [llmCall({ id: uuidOf(1), model: 'stranger' })] }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const numberOf = (uuid: string) => Number.parseInt(uuid.slice(-6), 16);

  async function page(variables: Record<string, unknown>) {
    const { llmCalls } = await graphql.data(LIST, variables);
    return {
      numbers: llmCalls.edges.map(({ node }: { node: { uuid: string } }) => numberOf(node.uuid)),
      cursors: llmCalls.edges.map(({ cursor }: { cursor: string }) => cursor),
      info: llmCalls.pageInfo,
    };
  }

  /** The numbers of all calls, page by page, in the order of the list. */
  async function walk(variables: Record<string, unknown>, direction: 'forward' | 'backward', size = 5) {
    const found: number[] = [];
    let cursor: string | null = null;
    for (;;) {
      const { numbers, info } = await page(
        direction === 'forward'
          ? { ...variables, first: size, after: cursor }
          : { ...variables, last: size, before: cursor },
      );
      if (direction === 'forward') found.push(...numbers);
      else found.unshift(...numbers);
      if (!(direction === 'forward' ? info.hasNextPage : info.hasPreviousPage)) return found;
      cursor = direction === 'forward' ? info.endCursor : info.startCursor;
    }
  }

  it('give the newest first, in pages of 50 by default', async () => {
    expect((await page({})).numbers).toEqual(NEWEST_FIRST);
  });

  it('show all columns, money in USD, times in UTC', async () => {
    const { llmCalls } = await graphql.data(`{
      llmCalls(filter: { id: { eq: "LlmCall:${uuidOf(1)}" } }) {
        nodes { id uuid timestamp receivedAt service provider model success cost costSource latencyMs totalTokens attributes }
      }
    }`);
    expect(llmCalls.nodes).toEqual([
      {
        id: `LlmCall:${uuidOf(1)}`,
        uuid: uuidOf(1),
        timestamp: '2026-11-22T11:59:00.000Z',
        receivedAt: NOW,
        service: null,
        provider: 'nobody',
        model: 'odd',
        success: true,
        cost: 0.001,
        costSource: 'REPORTED',
        latencyMs: 7,
        totalTokens: 0,
        attributes: null,
      },
    ]);
  });

  describe.each([
    ['the time', { field: 'TIMESTAMP', direction: 'DESC' }],
    ['the time, oldest first', { field: 'TIMESTAMP', direction: 'ASC' }],
    ['a measure with equal values', { field: 'LATENCY_MS', direction: 'DESC' }],
    ['a measure that may be absent', { field: 'COST', direction: 'DESC' }],
    ['a measure that may be absent, ascending', { field: 'COST', direction: 'ASC' }],
  ])('in the order of %s', (_name, orderBy) => {
    it('give every event once, forwards and backwards, with any page size', async () => {
      const all = (await page({ orderBy, first: 500 })).numbers;
      expect([...all].sort((one, other) => one - other)).toEqual(
        [...NEWEST_FIRST].sort((one, other) => one - other),
      );
      for (const size of [1, 4, 5, 23]) {
        expect(await walk({ orderBy }, 'forward', size)).toEqual(all);
        expect(await walk({ orderBy }, 'backward', size)).toEqual(all);
      }
    });

    it('sort by value, absent last, ties by id', async () => {
      const { llmCalls } = await graphql.data(
        'query ($orderBy: LlmCallOrder) { llmCalls(orderBy: $orderBy) { nodes { timestamp latencyMs cost uuid } } }',
        { orderBy },
      );
      const key = ({ TIMESTAMP: 'timestamp', LATENCY_MS: 'latencyMs', COST: 'cost' } as const)[
        orderBy.field as 'TIMESTAMP' | 'LATENCY_MS' | 'COST'
      ];
      const sign = orderBy.direction === 'ASC' ? 1 : -1;
      const compare = (one: string | number, other: string | number) =>
        one < other ? -sign : one > other ? sign : 0;
      const sorted = [...llmCalls.nodes].sort((one, other) => {
        if ((one[key] === null) !== (other[key] === null)) return one[key] === null ? 1 : -1;
        return compare(one[key], other[key]) || compare(one.uuid, other.uuid);
      });
      expect(llmCalls.nodes).toEqual(sorted);
    });

    it('give the rows between two cursors', async () => {
      const { numbers, cursors } = await page({ orderBy });
      const between = await page({ orderBy, after: cursors[3], before: cursors[9] });
      expect(between.numbers).toEqual(numbers.slice(4, 9));
      const last = await page({ orderBy, after: cursors[3], before: cursors[9], last: 2 });
      expect(last.numbers).toEqual(numbers.slice(7, 9));
    });
  });

  it('keep their pages when events are added and removed', async () => {
    await using changing = await startGraphQL(database);
    await changing.data(RECORD, { input: NEWEST_FIRST.map(callNumber) });
    const first = await changing.data(LIST, { first: 5 });
    const cursor = first.llmCalls.pageInfo.endCursor;
    await changing.data(RECORD, { input: [llmCall({ id: uuidOf(900), timestamp: NOW })] });
    await changing.services.store.prisma.llmCall.deleteMany({
      where: { id: uuidOf(NEWEST_FIRST[4] as number) },
    });
    const second = await changing.data(LIST, { first: 5, after: cursor });
    const numbers = second.llmCalls.edges.map(({ node }: { node: { uuid: string } }) => numberOf(node.uuid));
    expect(numbers).toEqual(NEWEST_FIRST.slice(5, 10));
  });

  it('report whether there are more pages', async () => {
    expect((await page({ first: 5 })).info).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect((await page({ last: 5 })).info).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect((await page({ first: COUNT })).info).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const { info } = await page({ filter: { model: { eq: 'nothing' } } });
    expect(info).toEqual({ hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null });
  });

  it('apply filters', async () => {
    const even = await page({ filter: { model: { eq: 'even' }, cost: { ne: null } } });
    expect(even.numbers).toEqual(NEWEST_FIRST.filter((number) => number % 2 === 0 && number % 3 !== 0));
    const recent = await page({ filter: { timestamp: { gte: '2026-11-22T11:58:00Z' } } });
    expect(recent.numbers).toEqual([2, 1, 4, 3]);
    const either = await page({
      filter: {
        or: [{ id: { in: [uuidOf(3), `LlmCall:${uuidOf(5)}`] } }, { not: { latencyMs: { lt: 9 } } }],
      },
    });
    expect(either.numbers).toEqual(
      NEWEST_FIRST.filter((number) => number === 3 || number === 5 || (number * 7) % 10 >= 9),
    );
    expect((await page({ filter: { cost: { gt: 0.0035 } } })).numbers).toEqual(
      NEWEST_FIRST.filter((number) => number % 3 !== 0 && number % 5 === 4),
    );
    expect((await page({ filter: { costSource: { eq: 'UNKNOWN' } } })).numbers).toEqual(
      NEWEST_FIRST.filter((number) => number % 3 === 0),
    );
  });

  it('count the rows of all pages together', async () => {
    const { llmCalls } = await graphql.data(
      '{ llmCalls(first: 2, filter: { model: { eq: "even" } }) { totalCount nodes { model } } }',
    );
    expect(llmCalls).toEqual({ totalCount: 11, nodes: [{ model: 'even' }, { model: 'even' }] });
  });

  it('query the database only for selected fields', async () => {
    const statements = (source: string) => graphql.countStatements(() => graphql.data(source));
    expect(await statements('{ llmCalls { nodes { model } } }')).toBe(1);
    expect(
      await statements('{ llmCalls { edges { node { model } } nodes { cost } pageInfo { endCursor } } }'),
    ).toBe(1);
    expect(await statements('{ llmCalls { totalCount } }')).toBe(1);
    expect(await statements('{ llmCalls { pageInfo { hasNextPage } } }')).toBe(1);
    expect(await statements('{ llmCalls { nodes { model } totalCount } }')).toBe(2);
    expect(await statements('{ llmCalls { __typename } }')).toBe(0);
  });

  it('load only the selected columns', async () => {
    const { query } = graphql.services.store;
    const asked: string[] = [];
    const spying = query.withPlugin({
      transformQuery({ node, queryId }) {
        asked.push(query.getExecutor().compileQuery(node, queryId).sql);
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    await using spied = await startGraphQL(database, {
      replace: ({ store }) => ({ store: { ...store, query: spying } }),
    });
    await spied.data('{ llmCalls(first: 2) { nodes { model cost } edges { node { latencyMs } } } }');
    const columns = asked.map((sql) => [...sql.matchAll(/ as "(\w+)"/g)].map(([, name]) => name).toSorted());
    expect(columns).toEqual([['costNanoUsd', 'id', 'latencyMs', 'model']]);
  });

  it('stay within the project', async () => {
    const { llmCalls } = await graphql.data(
      '{ llmCalls { totalCount nodes { model } } }',
      {},
      'another-project',
    );
    expect(llmCalls).toEqual({ totalCount: 1, nodes: [{ model: 'stranger' }] });
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 501', 'first'],
    ['last: -1', 'last'],
    ['first: 1, last: 1', 'last'],
    ['after: "nonsense"', 'after'],
    ['before: "W10"', 'before'],
    ['filter: { id: { eq: "RequestLog:00000000-0000-7000-8000-000000000001" } }', 'filter.id.eq'],
    ['filter: { id: { in: ["nothing"] } }', 'filter.id.in.0'],
  ])('refuse %s and name the argument', async (args, argument) => {
    const { errors } = await graphql.run(`{ llmCalls(${args}) { totalCount nodes { id } } }`);
    expect(errors).toMatchObject([{ path: ['llmCalls'], extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  it.each(['after', 'before'])(
    'refuse a cursor in `%s` with a time that does not exist',
    async (argument) => {
      const { cursors } = await page({});
      const [name, direction, , id] = JSON.parse(Buffer.from(cursors[0] as string, 'base64url').toString());
      for (const time of [-8.64e15, 8.64e15, 1e300, 0.5]) {
        const cursor = Buffer.from(JSON.stringify([name, direction, time, id])).toString('base64url');
        const { errors } = await graphql.run(LIST, { [argument]: cursor });
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
      }
    },
  );

  it('refuse a cursor of another order', async () => {
    const { cursors } = await page({});
    const { errors } = await graphql.run(LIST, {
      after: cursors[0],
      orderBy: { field: 'LATENCY_MS', direction: 'DESC' },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });
});
