import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { post, startServer } from '../support/start-server.ts';

const HELLO = { query: '{ hello }' };

describe('an operation over HTTP', () => {
  it('is executed, with its variables and by its name', async () => {
    await using running = await startServer();
    const query = 'query A($name: String) { hello(name: $name) } query B { hello }';
    const answer = await post(running.url.graphql, { query, operationName: 'A', variables: { name: 'Ada' } });
    expect(answer).toMatchObject({ status: 200, body: { data: { hello: 'Hello Ada' } } });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('has its fields in the order of the query, no matter how long each takes', async () => {
    const held = () => new Promise<string>((resolve) => setImmediate(resolve, 'late'));
    await using running = await startServer({ held });
    const answer = await post(running.url.graphql, { query: '{ held hello self { hello held } }' });
    expect(JSON.stringify(answer.body)).toBe(
      '{"data":{"held":"late","hello":"Hello world","self":{"hello":"Hello world","held":"late"}}}',
    );
  });

  it.each([
    ['application/json', 'application/json; charset=utf-8'],
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    [
      'application/graphql-response+json;q=0.9, text/plain',
      'application/graphql-response+json; charset=utf-8',
    ],
    ['*/*', 'application/json; charset=utf-8'],
  ])('is answered in the requested media type: %s', async (accept, contentType) => {
    await using running = await startServer();
    const answer = await post(running.url.graphql, HELLO, { accept });
    expect(answer.headers.get('content-type')).toBe(contentType);
    expect(answer.body).toEqual({ data: { hello: 'Hello world' } });
  });

  it('may be a query by GET', async () => {
    await using running = await startServer();
    const response = await fetch(`${running.url.graphql}?query=${encodeURIComponent('{ hello }')}`);
    expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
  });

  it('may be one of many streams of its connection', async () => {
    await using running = await startServer();
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    for (let stream = 0; stream < 50; stream++) {
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(HELLO) };
      expect(await (await fetch(running.url.graphql, init)).text()).toContain('Hello world');
    }
    expect(running.server.open.connections).toBeLessThan(4);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('is executed in process as well', async () => {
    await using running = await startServer();
    const response = await running.server.fetch(
      new Request('http://in.process/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(HELLO),
      }),
    );
    expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
  });
});

describe('a mutation', () => {
  const query = 'mutation { add(left: 1, right: 2) }';

  it('needs a POST', async () => {
    await using running = await startServer();
    const response = await fetch(`${running.url.graphql}?query=${encodeURIComponent(query)}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it.each([
    ['text/plain', JSON.stringify({ query })],
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(query)}`],
    ['application/graphql', query],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${query}\r\n--x--`,
    ],
  ])(
    'needs JSON, which browsers do not send to other sites unasked: %s is refused',
    async (contentType, body) => {
      await using running = await startServer();
      const answer = await post(running.url.graphql, body, { 'content-type': contentType });
      expect(answer.status).toBe(415);
      expect(answer.body.errors[0]).toMatchObject({
        message: 'Send the operation with the header "content-type: application/json".',
        extensions: { code: 'BAD_USER_INPUT' },
      });
    },
  );
});

describe('a request that cannot be answered', () => {
  it.each([
    ['a body that is not JSON', '{"query": ', 400, /^The request body is not valid JSON: /],
    ['a batch', [HELLO, HELLO], 400, 'Batching is not supported: send one operation per request.'],
    ['a body that is not an object', 'null', 400, 'The request body must be a JSON object.'],
    ['no query', { variables: {} }, 200, 'Must provide query string.'],
    [
      'a query that is not text',
      { query: 7 },
      400,
      'Expected "query" param to be a string, but given number.',
    ],
    ['a syntax error', { query: '{ hello ' }, 200, 'Syntax Error: Expected Name, found <EOF>.'],
    ['an unknown field', { query: '{ hallo }' }, 200, /^Cannot query field "hallo" on type "Query"/],
    [
      'an unknown operation',
      { ...HELLO, operationName: 'X' },
      400,
      'Could not determine what operation to execute.',
    ],
    [
      'a variable of the wrong type',
      { query: 'query ($n: Int!) { hello }', variables: { n: 'x' } },
      200,
      /\$n/,
    ],
    ['a subscription in JSON', { query: 'subscription { ticks { number } }' }, 406, /text\/event-stream/],
  ])('gets the reason, with a stable code: %s', async (_, operation, status, message) => {
    await using running = await startServer();
    const answer = await post(running.url.graphql, operation, { accept: 'application/json' });
    expect(answer.status).toBe(status);
    expect(answer.body.errors).toEqual([
      expect.objectContaining({
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }),
      }),
    ]);
  });

  it.each([
    ['a syntax error', { query: '{ hello ' }],
    ['an unknown field', { query: '{ hallo }' }],
  ])('has status 400 in the GraphQL media type: %s', async (_, operation) => {
    await using running = await startServer();
    const answer = await post(running.url.graphql, operation, {
      accept: 'application/graphql-response+json',
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  it('gets the GraphQL path if its own path is wrong', async () => {
    await using running = await startServer();
    const response = await fetch(new URL('/grafql', running.url.graphql));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'There is nothing at /grafql. GraphQL is at /graphql.',
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    });
  });

  it('hides internal errors, logs them, and names the line of the log', async () => {
    await using running = await startServer();
    const answer = await post(running.url.graphql, { query: '{ broken }' });
    const [error] = answer.body.errors;
    expect(error.extensions).toEqual({ code: 'INTERNAL', correlationId: expect.any(String) });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(running.log).toContainEqual(
      expect.objectContaining({
        correlationId: error.extensions.correlationId,
        err: expect.objectContaining({ message: 'the secret of the house' }),
      }),
    );
  });
});

describe('the id of a request', () => {
  it('is returned if the client sent one, and is created otherwise', async () => {
    await using running = await startServer();
    const given = await post(running.url.graphql, HELLO, { 'x-request-id': 'trace-7/a' });
    expect(given.headers.get('x-request-id')).toBe('trace-7/a');
    const made = await post(running.url.graphql, HELLO);
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('never injects text into the log', async () => {
    await using running = await startServer();
    const answer = await post(running.url.graphql, HELLO, { 'x-request-id': 'a b"c' });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the log of requests', () => {
  it('has the method, operation, duration and status at LOG_LEVEL=debug, but no variables', async () => {
    await using running = await startServer({ environment: { LOG_LEVEL: 'debug' } });
    const operation = {
      query: 'query Greet($name: String) { hello(name: $name) }',
      variables: { name: 'Ada' },
    };
    await post(running.url.graphql, operation, { 'x-request-id': 'r1' });
    await fetch(new URL('/healthz', running.url.graphql), { headers: { 'x-request-id': 'r2' } });
    await expect.poll(() => running.log.filter(({ msg }) => msg === 'request')).toHaveLength(2);
    expect(running.log).toContainEqual(
      expect.objectContaining({
        requestId: 'r1',
        method: 'POST',
        path: '/graphql',
        operation: 'query',
        operationName: 'Greet',
        status: 200,
        durationMs: expect.any(Number),
      }),
    );
    expect(running.log).toContainEqual(
      expect.objectContaining({ requestId: 'r2', path: '/healthz', status: 200 }),
    );
    expect(JSON.stringify(running.log)).not.toContain('Ada');
  });

  it('is silent at LOG_LEVEL=info', async () => {
    await using running = await startServer();
    await post(running.url.graphql, HELLO);
    expect(running.log).toEqual([]);
  });
});

describe('a server for this machine only', () => {
  it('answers to no other name, so that no page can reach it by pointing its own name here', async () => {
    await using running = await startServer();
    const answer = await getAs(running.url.graphql, 'evil.example:4000');
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body).errors[0]).toMatchObject({
      message: expect.stringContaining('evil.example:4000'),
      extensions: { code: 'FORBIDDEN' },
    });
    expect((await getAs(running.url.graphql, 'localhost:4000')).status).toBe(200);
  });

  it('also answers with AUTH=disabled to the names that CORS_ORIGINS lists', async () => {
    await using running = await startServer({
      environment: { AUTH: 'disabled', CORS_ORIGINS: 'https://telltale.example' },
    });
    expect((await getAs(running.url.graphql, 'telltale.example')).status).toBe(200);
    expect((await getAs(running.url.graphql, 'evil.example')).status).toBe(403);
  });

  it('answers to every name if its address can be reached by others', async () => {
    await using running = await startServer({ environment: { AUTH: 'disabled', HOST: '0.0.0.0' } });
    expect((await getAs(running.url.graphql, 'telltale.example')).status).toBe(200);
  });
});

/** Sends GET with a Host header, which `fetch` does not allow. */
function getAs(url: string, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}?query=%7Bhello%7D`, { headers: { host } }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, body });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
