import { type GraphQLObjectType, getNamedType } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { constantName } from '../../src/core/dataset/constant-name.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { createSchema } from '../../src/schema.ts';
import { describeEachDatabase, testedDialects } from '../support/databases.ts';
import { NOW } from '../support/graphql.ts';
import { readUntil } from '../support/read-until.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { post } from '../support/start-server.ts';
import { createTestClock } from '../support/test-clock.ts';
import type { Operation, RootField } from './support/root-fields.ts';
import { plant } from './support/tenants.ts';
import { closed, open, STATES, tails } from './support/token-fields.ts';

const ALL_DATASETS = datasets.map(({ name }) => name);
const MINE = { service: { eq: 'mine' } };
/** Fields of single domains that read only through general code. */
const SPECIAL = [
  'errorGroups',
  'latencySeries',
  'metricUsageStats',
  'metricsByPeriod',
  'modelStats',
  'providerStats',
  'techniqueStats',
];
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
type Answer = { data?: any; errors?: any[] };

describeEachDatabase('a read token for one service', (database) => {
  const clock = createTestClock(NOW);
  /** Queries that reach no database need not run on both. */
  const isFirst = database.dialect === testedDialects()[0];
  let running: TestApp;
  let token: string;
  const keys = { both: '', alone: '' };

  beforeAll(async () => {
    const environment = { MAX_QUERY_COST: '1000000000' };
    running = await startApp({ database, clock, environment });
    const { projects, ingest, keys: made } = running.app.services;
    for (const projectId of ['both', 'alone'] as const) {
      await projects.create({ projectId });
      keys[projectId] = (await made.create({ projectId, scopes: ['READ', 'INGEST'] })).text;
    }
    await plant(ingest, 'both', 'theirs');
    await plant(ingest, 'both', 'mine');
    await plant(ingest, 'alone', 'mine');
    token = await make(ALL_DATASETS);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  async function make(wanted: readonly string[], filter: object = MINE): Promise<string> {
    const query = 'mutation ($input: CreateReadTokenInput!) { createReadToken(input: $input) { token } }';
    const answer = await ask(keys.both, { query, variables: { input: { datasets: wanted, filter } } });
    expect(answer.errors).toBeUndefined();
    return answer.data.createReadToken.token;
  }

  async function ask(text: string, operation: Operation): Promise<Answer> {
    return (await post(running.url, operation, bearer(text))).body as Answer;
  }
  const read = (text: string, query: string, variables = {}) => ask(text, { query, variables });

  /** The answer as text, without the ids that are derived from the project. */
  async function answer(text: string, { name, operation }: RootField): Promise<string> {
    const { data, errors } = await ask(text, operation);
    expect(errors, name).toBeUndefined();
    return JSON.stringify(data).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '(id)');
  }

  it('gets the answers that a project with only its rows would get, in every query that it may run', async () => {
    const derived = datasets.flatMap(({ name, fields: { analytics } }) => [name, analytics]);
    const names = open.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(derived));
    expect(names.filter((name) => !derived.includes(name)).sort()).toEqual(SPECIAL);
    for (const field of open) {
      const mine = await answer(token, field);
      expect(mine, field.name).toBe(await answer(keys.alone, field));
      // Otherwise the rows of others would make no difference, and the test would prove nothing.
      if (isFirst) expect(mine, field.name).not.toBe(await answer(keys.both, field));
    }
  });

  it('gets the numbers that an ordinary key gets if it passes the filter itself', async () => {
    for (const { fields: names, measures } of datasets) {
      const [measure] = measures.map(({ name }) => constantName(name));
      const distribution = measure
        ? `histogram(measure: ${measure}) { count buckets { from to count } }`
        : '';
      const totals = (filter: string) =>
        `{ ${names.analytics}(range: { last: "P1D" }${filter}) {
          totals { count countDistinct(dimension: SERVICE) } distinct(dimension: SERVICE) { value count } regions: distinct(attribute: "region") { value count }
          ${distribution} source { reason }
        } }`;
      const mine = await read(token, totals(''));
      const { distinct, regions } = mine.data[names.analytics];
      expect([distinct, regions]).toMatchObject([[{ value: 'mine' }], [{ value: 'mine' }]]);
      const byHand = await read(keys.both, totals(', filter: { service: { eq: "mine" } }'));
      expect(mine, names.analytics).toEqual(byHand);
    }
  });

  it('may be limited by an attribute', async () => {
    const byRegion = await make(ALL_DATASETS, { attributes: { path: 'region', eq: 'mine' } });
    const query =
      '{ llmCalls { totalCount nodes { service } } llmCallAnalytics(range: { last: "P1D" }) { totals { count } } }';
    const { data } = await read(byRegion, query);
    expect(data).toEqual((await read(token, query)).data);
    expect(data.llmCalls.totalCount).toBeGreaterThan(0);
  });

  it.runIf(isFirst)('is refused by every other root field', async () => {
    expect(closed.length).toBeGreaterThan(60);
    for (const { name, kind, operation } of closed) {
      if (kind === 'subscription') continue;
      const { data, errors } = await ask(token, operation);
      expect(
        Object.values(data ?? {}).filter((value) => value !== null),
        name,
      ).toEqual([]);
      const message = expect.stringMatching(`^This read token gives no access to \`${name}\``);
      expect(errors, name).toMatchObject([{ message, extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  it('may not read the states to which its rows lead', async () => {
    const refused: string[] = [];
    for (const { entity, name } of datasets) {
      const type = createSchema().getType(entity) as GraphQLObjectType;
      for (const field of Object.values(type.getFields())) {
        if (!STATES.has(getNamedType(field.type).name)) continue;
        const { errors } = await read(token, `{ ${name} { nodes { ${field.name} { __typename } } } }`);
        // Empty where no row names one: nothing was read.
        if (errors === undefined) continue;
        expect(errors[0]).toMatchObject({
          message: expect.stringMatching(
            /^This read token gives no access to \w+, only to rows of requestLogs,/,
          ),
          extensions: { code: 'FORBIDDEN' },
        });
        refused.push(`${entity}.${field.name}`);
      }
    }
    expect(refused).toEqual(expect.arrayContaining(['LlmCall.agent', 'LlmCall.task', 'TaskEvent.task']));
  });

  it.each([
    ['{ node(id: "Alert:00000000-0000-4000-8000-000000000000") { id } }', /gives no access to alerts,/],
    [
      '{ llmCallAnalytics(range: { last: "P1D" }) { totals { count } source { rowsRead } } }',
      /gives no access to `rowsRead`/,
    ],
  ])('is refused %s', async (query, message) => {
    const { errors } = await read(token, query);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(message), extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it('may not introspect the schema', async () => {
    const { errors } = await read(token, '{ __schema { queryType { name } } }');
    expect(errors?.[0].message).toMatch(/introspection/i);
  });

  it('opens no rows of others by their ids, cursors, filters or requests', async () => {
    for (const { name } of datasets) {
      const page = `{ ${name}(filter: { service: { eq: "theirs" } }) { nodes { id } totalCount pageInfo { endCursor } } }`;
      const theirs = (await read(keys.both, page)).data[name];
      expect(theirs.nodes.length, name).toBeGreaterThan(2);
      const ids = theirs.nodes.map(({ id }: { id: string }) => id);
      const nodes = 'query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id } nodes(ids: $ids) { id } }';
      const found = await read(token, nodes, { id: ids[0], ids });
      expect(found, name).toEqual({ data: { node: null, nodes: ids.map(() => null) } });
      expect((await read(token, page)).data[name], name).toMatchObject({ nodes: [], totalCount: 0 });
      const after = `{ ${name}(after: ${JSON.stringify(theirs.pageInfo.endCursor)}) { nodes { service } } }`;
      for (const { service } of (await read(token, after)).data[name].nodes)
        expect(service, name).toBe('mine');
    }
  });

  it('follows links between its datasets, to its rows only', async () => {
    const links = `{
      requestLogs(first: 1) { nodes { llmCalls { service } errorLogs { service } } }
      llmCalls(orderBy: { field: TIMESTAMP }) { nodes { requestLog { service } releaseCommit { service } } }
      gitCommits { nodes { llmCalls { totalCount nodes { service } } filtered: llmCalls(last: 5) { nodes { service } } } }
    }`;
    const mine = await read(token, links);
    expect(mine.errors).toBeUndefined();
    const text = JSON.stringify(mine.data);
    expect(text).toContain('"mine"');
    expect(text).not.toContain('theirs');
    expect(JSON.stringify((await read(keys.both, links)).data)).toContain('theirs');
    expect(mine).toEqual(await read(keys.alone, links));
  });

  it('opens only the datasets that it names', async () => {
    const calls = await make(['llmCalls']);
    expect((await read(calls, '{ llmCalls { totalCount } }')).data).toEqual({ llmCalls: { totalCount: 4 } });
    for (const [query, message] of [
      [
        '{ requestLogs { totalCount } }',
        /gives no access to `requestLogs`: it can read some rows of llmCalls,/,
      ],
      ['{ modelStats(range: { last: "P1D" }) { calls } }', /gives no access to `modelStats`/],
      [
        '{ llmCalls { nodes { requestLog { service } } } }',
        /gives no access to requestLogs, only to rows of llmCalls\./,
      ],
      [
        '{ llmCallAnalytics(range: { last: "P1D" }) { commits { totalCount } } }',
        /gives no access to gitCommits/,
      ],
    ] as const) {
      const { errors } = await read(calls, query);
      expect(errors?.[0], query).toMatchObject({
        message: expect.stringMatching(message),
        extensions: { code: 'FORBIDDEN' },
      });
    }
  });

  it('costs the rows that its filter needs, even if cells would answer an ordinary key', async () => {
    const query = '{ llmCallAnalytics(range: { last: "P30D" }) { totals { count } } }';
    const byUser = await make(['llmCalls'], { endUser: { eq: 'ann' } });
    const price = async (text: string) => {
      const { body } = await post(running.url, { query }, { ...bearer(text), 'Telltale-Cost': '1' });
      return (body as { extensions: { cost: { requested: number } } }).extensions.cost.requested;
    };
    expect(await price(byUser)).toBeGreaterThan(10 * (await price(keys.both)));
  });

  function stream({ operation }: RootField): Promise<Response> {
    return fetch(running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(token) },
      body: JSON.stringify(operation),
    });
  }

  it('receives only its rows, over SSE', async () => {
    expect(tails).toHaveLength(datasets.length);
    const streams = await Promise.all(tails.map(stream));
    await running.waitForSubscriptions(tails.length);
    await plant(running.app.services.ingest, 'both', 'theirs', NOW, 201);
    await plant(running.app.services.ingest, 'both', 'mine', NOW, 301);
    const firsts = await Promise.all(streams.map((stream) => readUntil(stream, 'event: next')));
    await running.waitForSubscriptions(0);
    for (const [index, first] of firsts.entries()) {
      expect(first, tails[index]?.name).toContain('"service":"mine"');
      expect(first, tails[index]?.name).not.toMatch(/theirs|dropped/);
    }
  });

  it.runIf(isFirst)('is refused all other fields over SSE', async () => {
    for (const field of closed) {
      const text = await readUntil(await stream(field), 'event: complete');
      expect(text, field.name).toContain(`This read token gives no access to \`${field.name}\``);
    }
  });

  it('receives only its rows over WebSocket, and is refused all other fields there', async () => {
    const client = createClient({
      url: running.webSocketUrl,
      webSocketImpl: WebSocket,
      connectionParams: bearer(token),
      lazy: false,
      retryAttempts: 0,
    });
    const streams = tails.map(({ operation }) => client.iterate(operation));
    const firsts = streams.map((stream) => stream.next());
    await running.waitForSubscriptions(tails.length);
    await plant(running.app.services.ingest, 'both', 'theirs', NOW, 401);
    await plant(running.app.services.ingest, 'both', 'mine', NOW, 501);
    const heard = (await Promise.all(firsts)).map(({ value }) => value as Answer & { extensions?: object });
    await Promise.all(streams.map((stream) => stream.return?.()));
    const refusals = [];
    for (const { name, kind, operation } of closed) {
      if (kind !== 'subscription') continue;
      refusals.push({ name, ...((await client.iterate(operation).next()).value as Answer) });
    }
    await client.dispose();
    await running.waitForSubscriptions(0);
    for (const [index, { data, extensions }] of heard.entries()) {
      expect([Object.values(data), extensions], tails[index]?.name).toEqual([
        [{ service: 'mine' }],
        undefined,
      ]);
    }
    expect(refusals.length).toBeGreaterThan(4);
    for (const { name, errors } of refusals) {
      expect(errors, name).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
