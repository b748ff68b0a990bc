import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import WebSocket from 'ws';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL } from '../../support/graphql.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';
import { COSTLY_QUERIES } from './support/costly-queries.ts';

const HALF = '{ llmCalls(first: 500) { nodes { id } } }';
const RECORD =
  'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted rejected { index } } }';
const NESTED = '{ requestLogs(first: 100) { nodes { llmCalls(first: 11) { id } } } }';

async function post({ url }: TestApp, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: await response.json() };
}

describeEachDatabase('the limit for the price', (database) => {
  it('rejects expensive queries before any statement runs', async () => {
    await using graphql = await startGraphQL(database);
    for (const { source, costliest } of Object.values(COSTLY_QUERIES)) {
      const statements = await graphql.countStatements(async () => {
        const { data, errors, extensions } = await graphql.run(source);
        expect(data).toBeUndefined();
        expect(errors).toHaveLength(1);
        expect(errors?.[0]).toMatchObject({
          message: expect.stringMatching(/^The query costs \d+; at most 200000 \(MAX_QUERY_COST\)\./),
          extensions: { code: 'QUERY_TOO_COMPLEX', limit: 200_000, field: costliest },
        });
        expect(errors?.[0]?.message).toContain(`\`${costliest}\``);
        expect(extensions.cost).toEqual({ requested: errors?.[0]?.extensions?.['price'], limit: 200_000 });
      });
      expect(statements).toBe(0);
    }
  });

  it('can be configured, and refuses queries, mutations and subscriptions alike', async () => {
    await using graphql = await startGraphQL(database, { environment: { MAX_QUERY_COST: '1000' } });
    const refused = { errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX', price: 1200, limit: 1000 } }] };
    expect(await graphql.run(NESTED)).toMatchObject(refused);
    const recorded = await graphql.data(RECORD, { input: Array.from({ length: 50 }, () => llmCall()) });
    expect(recorded.recordLlmCalls.accepted).toBe(50);
    const costly =
      'llmCallRecorded { requestLog { llmCalls(first: 500) { requestLog { llmCalls(first: 3) { id } } } } }';
    await expect(graphql.subscribe(`subscription { ${costly} }`)).rejects.toThrow('QUERY_TOO_COMPLEX');
    const raise = `mutation { raiseAlert(input: { alertId: "a", type: PERFORMANCE, severity: INFO, title: "t" }) {
      alert { deliveries(first: 500) { nodes { alert { deliveries(first: 500) { nodes { id } } } } } } } }`;
    const { errors } = await graphql.run(raise);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    expect((await graphql.data('{ alerts { totalCount } }')).alerts.totalCount).toBe(0);
  });

  it('shows the price on request, or if it is above half of the limit', async () => {
    await using app = await startApp({ database, environment: { MAX_QUERY_COST: '1000' } });
    const cheap = '{ llmCalls(first: 500) { nodes { id } } }';
    expect((await post(app, cheap)).body).toEqual({ data: { llmCalls: { nodes: [] } } });
    const asked = await post(app, cheap, { 'Telltale-Cost': '1' });
    expect(asked.body).toEqual({
      data: { llmCalls: { nodes: [] } },
      extensions: { cost: { requested: 500, limit: 1000, actual: { rowsRead: 0 } } },
    });
    const near = await post(app, '{ llmCalls(first: 500) { nodes { id } edges { cursor } } }');
    expect(near.body.extensions).toEqual({
      cost: { requested: 1000, limit: 1000, actual: { rowsRead: 0 } },
    });
    const accept = { accept: 'application/graphql-response+json' };
    expect(await post(app, NESTED, accept)).toMatchObject({
      status: 400,
      body: {
        errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }],
        extensions: { cost: { requested: 1200 } },
      },
    });
  });

  it('applies to GET and to WebSocket', async () => {
    await using app = await startApp({ database, environment: { MAX_QUERY_COST: '1000' } });
    const code = { errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] };
    const got = await fetch(`${app.url}?query=${encodeURIComponent(NESTED)}`, {
      headers: { accept: 'application/json' },
    });
    expect(await got.json()).toMatchObject(code);
    const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    try {
      expect((await client.iterate({ query: NESTED }).next()).value).toMatchObject(code);
      expect((await client.iterate({ query: HALF }).next()).value).toEqual({
        data: { llmCalls: { nodes: [] } },
      });
    } finally {
      await client.dispose();
    }
  });

  it('applies to the query of a validation test', async () => {
    await using graphql = await startGraphQL(database, { environment: { MAX_QUERY_COST: '12000' } });
    await graphql.data('mutation { createMetric(input: { metricId: "m", name: "M" }) { metric { id } } }');
    const { addValidationTest } = await graphql.data(
      'mutation ($input: AddValidationTestInput!) { addValidationTest(input: $input) { test { id } } }',
      {
        input: {
          metricId: 'm',
          testType: 'GRAPHQL',
          testQuery: NESTED.replace('11', '120'),
          expectedResult: {},
        },
      },
    );
    const { runValidationTest } = await graphql.data(
      'mutation ($id: ID!) { runValidationTest(input: { id: $id }) { passed test { status message } } }',
      { id: addValidationTest.test.id },
    );
    expect(runValidationTest).toMatchObject({
      passed: false,
      test: { message: expect.stringContaining('The query costs 12100; at most 12000 (MAX_QUERY_COST).') },
    });
  });
});
