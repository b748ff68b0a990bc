import type { AddressInfo } from 'node:net';
import express, { Router } from 'express';
import fastify from 'fastify';
import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, it } from 'vitest';
import { telltaleExpress, telltaleExpressErrors } from '../../client/src/express.ts';
import { telltaleFastify } from '../../client/src/fastify.ts';
import { telltaleHono } from '../../client/src/hono.ts';
import { telltaleOnRequestError, withTelltale } from '../../client/src/next.ts';
import { useTelltale } from '../../client/src/yoga.ts';
import { call } from './support/events.ts';
import { createRecorder } from './support/recorder.ts';

const headers = { 'user-agent': 'test/1', 'content-type': 'application/json' };
const requested = {
  method: 'GET',
  userAgent: 'test/1',
  latencyMs: expect.any(Number),
  requestId: expect.any(String),
};
const context = () => ({ endUser: 'ada', agentId: 'builder' });

class Unexpected extends Error {
  override readonly name = 'Unexpected';
}
const fail = (): never => {
  throw new Unexpected('It broke.');
};

/**
 * The requests to each framework: a route with a parameter, a body, a fault, a missing route, a
 * health check.
 */
const PATHS = ['/shops/7/carts', '/fault', '/nothing', '/health'];

function expectRecorded({ eventsOf }: ReturnType<typeof createRecorder>, unmatched = '(unmatched)'): void {
  const requests = eventsOf('requestLogs');
  expect(requests).toMatchObject([
    { ...requested, endpoint: '/shops/:id/carts', statusCode: 200, agentId: 'builder' },
    { ...requested, endpoint: '/fault', statusCode: 500 },
    { ...requested, endpoint: unmatched, statusCode: 404 },
    { ...requested, method: 'POST', endpoint: '/echo', statusCode: 200 },
  ]);
  expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(4);
  // Events that handlers record belong to their request, even after the body was read.
  const calls = eventsOf('llmCalls');
  expect(calls.map(({ requestId, endUser }) => [requestId, endUser])).toEqual([
    [requests[0]?.['requestId'], 'ada'],
    [requests[3]?.['requestId'], 'ada'],
  ]);
  expect(eventsOf('errorLogs')).toMatchObject([
    { errorType: 'Unexpected', errorMessage: 'It broke.', requestId: requests[1]?.['requestId'] },
  ]);
}

async function ask(url: string): Promise<void> {
  for (const path of PATHS) await (await fetch(url + path, { headers })).text();
  await (await fetch(`${url}/echo`, { method: 'POST', headers, body: '{"a":1}' })).text();
}

const isHealth = (path: string | undefined) => path === '/health';

describe('Express', () => {
  it('has its requests and errors recorded', async () => {
    const recorder = createRecorder();
    const { telltale } = recorder;
    const app = express();
    app.use(
      telltaleExpress(telltale, {
        context,
        ignore: (request) => isHealth((request as express.Request).path),
      }),
    );
    const shops = Router({ mergeParams: true });
    shops.get('/carts', (_request, response) => {
      telltale.llmCall(call());
      response.json([]);
    });
    app.use('/shops/:id', shops);
    app.get('/fault', fail);
    app.get('/health', (_request, response) => void response.end());
    app.post('/echo', express.json(), (request, response) => {
      telltale.llmCall(call());
      response.json(request.body);
    });
    app.use(telltaleExpressErrors(telltale));
    app.use(
      ((_error, _request, response, _next) => void response.status(500).end()) as express.ErrorRequestHandler,
    );
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await new Promise((resolve) => server.close(resolve));
    expectRecorded(recorder);
  });
});

describe('Fastify', () => {
  it('has its requests and errors recorded, also requests that are aborted', async () => {
    const recorder = createRecorder();
    const { telltale } = recorder;
    const app = fastify({ forceCloseConnections: true });
    await app.register(
      telltaleFastify(telltale, { context, ignore: (request) => isHealth(request.routeOptions.url) }),
    );
    app.get('/shops/:id/carts', () => {
      telltale.llmCall(call());
      return [];
    });
    app.get('/fault', fail);
    app.get('/health', () => '');
    app.post('/echo', (request) => {
      telltale.llmCall(call());
      return request.body;
    });
    app.get('/slow', () => new Promise(() => undefined));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    await ask(url);
    expectRecorded(recorder);
    await expect(fetch(`${url}/slow`, { signal: AbortSignal.timeout(30) })).rejects.toThrow();
    await expect
      .poll(() => recorder.eventsOf('requestLogs')[4])
      .toMatchObject({ endpoint: '/slow', statusCode: 499 });
    await app.close();
  });
});

describe('Hono', () => {
  it('has its requests and errors recorded', async () => {
    const recorder = createRecorder();
    const { telltale } = recorder;
    const app = new Hono();
    app.use(
      telltaleHono(telltale, { context, ignore: ({ req }) => isHealth((req as { path?: string }).path) }),
    );
    app.get('/shops/:id/carts', (c) => {
      telltale.llmCall(call());
      return c.json([]);
    });
    app.get('/fault', fail);
    app.get('/health', (c) => c.text(''));
    app.post('/echo', async (c) => {
      const body = await c.req.json();
      telltale.llmCall(call());
      return c.json(body);
    });
    app.get('/teapot', () => {
      throw new HTTPException(418, { message: 'I am.' });
    });
    app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text('', 500)));
    for (const path of PATHS) await app.request(path, { headers });
    await app.request('/echo', { method: 'POST', headers, body: '{"a":1}' });
    expectRecorded(recorder);
    await app.request('/teapot');
    expect(recorder.eventsOf('requestLogs')[4]).toMatchObject({ endpoint: '/teapot', statusCode: 418 });
    expect(recorder.eventsOf('errorLogs')).toHaveLength(1);
  });
});

describe('GraphQL Yoga', () => {
  it('has its operations and unexpected errors recorded', async () => {
    const { telltale, eventsOf } = createRecorder();
    const yoga = createYoga({
      logging: false,
      plugins: [useTelltale(telltale, { context })],
      schema: createSchema({
        typeDefs: 'type Query { cart: Int, fault: Int, refused: Int }',
        resolvers: {
          Query: {
            cart: () => telltale.llmCall(call()),
            fault: fail,
            refused() {
              throw new GraphQLError('Not yours.');
            },
          },
        },
      }),
    });
    const post = (query: string) =>
      yoga.fetch('http://localhost/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
    for (const query of ['query Cart { cart }', '{ fault }', '{ refused }', '{ nothing }']) await post(query);
    const requests = eventsOf('requestLogs');
    expect(requests).toMatchObject([
      { ...requested, method: 'POST', endpoint: '/graphql query Cart', statusCode: 200 },
      { endpoint: '/graphql query (anonymous)', attributes: { graphqlErrors: 1 } },
      { endpoint: '/graphql query (anonymous)', attributes: { graphqlErrors: 1 } },
      { endpoint: '/graphql', statusCode: 200 },
    ]);
    expect(eventsOf('llmCalls')).toMatchObject([{ requestId: requests[0]?.['requestId'], endUser: 'ada' }]);
    expect(eventsOf('errorLogs')).toMatchObject([
      { errorType: 'Unexpected', requestId: requests[1]?.['requestId'] },
    ]);
  });
});

describe('Next.js', () => {
  it('has the requests of route handlers recorded', async () => {
    const { telltale, eventsOf } = createRecorder();
    const params = Promise.resolve({ id: '7', rest: ['a', 'b'] });
    const request = new Request('http://localhost/shops/7/files/a/b?x=1', { headers });
    const answer = withTelltale(
      telltale,
      () => {
        telltale.llmCall(call());
        return new Response('', { status: 201 });
      },
      { context },
    );
    expect((await answer(request, { params })).status).toBe(201);
    const digests = ['NEXT_REDIRECT;replace;/login;307;', 'NEXT_HTTP_ERROR_FALLBACK;404', undefined];
    for (const digest of digests) {
      const failing = withTelltale(telltale, () => {
        throw Object.assign(new Error('x'), { digest });
      });
      await expect(failing(request, undefined)).rejects.toThrow('x');
    }
    const requests = eventsOf('requestLogs');
    expect(requests).toMatchObject([
      { ...requested, endpoint: '/shops/[id]/files/[rest]', statusCode: 201 },
      ...[307, 404, 500].map((statusCode) => ({ endpoint: '/shops/7/files/a/b', statusCode })),
    ]);
    expect(eventsOf('llmCalls')).toMatchObject([{ requestId: requests[0]?.['requestId'], endUser: 'ada' }]);
  });

  it('has its errors recorded', () => {
    const { telltale, eventsOf } = createRecorder();
    const onRequestError = telltaleOnRequestError(telltale);
    onRequestError(
      new Unexpected('It broke.'),
      { path: '/a/7', method: 'GET' },
      { routePath: '/a/[id]', routeType: 'render' },
    );
    expect(eventsOf('errorLogs')).toMatchObject([
      { errorType: 'Unexpected', attributes: { method: 'GET', routePath: '/a/[id]', routeType: 'render' } },
    ]);
  });
});
