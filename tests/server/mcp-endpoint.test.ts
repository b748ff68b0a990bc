import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpAsker } from '../../src/commands/mcp/http-asker.ts';
import { TelltaleError } from '../../src/core/errors.ts';
import { connectHttp, connectStdio, mcpUrl } from '../mcp/support/clients.ts';
import { callerOf, openAccess } from '../support/callers.ts';
import { freePort } from '../support/free-port.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

const PAGE = 'https://pages.example.com';
const ADD = 'mutation { add(left: 1, right: 2) }';
const TICKS = 'subscription { ticks { number } }';
const idOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-'));
  const file = join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify(Object.fromEntries([ADD, TICKS].map((text) => [idOf(text), text]))));
  server = await startServer({
    environment: { TRUSTED_DOCUMENTS: file, CORS_ORIGINS: PAGE, MAX_BODY_BYTES: '50000', LOG_LEVEL: 'error' },
    access: {
      ...openAccess,
      async authenticate({ key, project }) {
        if (key === 'wrong') throw new TelltaleError('UNAUTHENTICATED', 'The API key is not valid.');
        return { ...callerOf(project ?? 'default'), trustedDocumentsOnly: key === 'trusted' };
      },
    },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const running = () => ({ url: server.url.graphql });

async function send(body: unknown, headers: Record<string, string> = {}, method = 'POST') {
  const response = await fetch(mcpUrl(running()), {
    method,
    headers: { ...JSON_HEADERS, ...headers },
    ...(method !== 'GET' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('the endpoint /mcp', () => {
  it.each([
    ['a batch', [LIST, LIST], {}, 400, 'send one message per request'],
    ['a batch after spaces', ` \n[${JSON.stringify(LIST)}]`, {}, 400, 'send one message per request'],
    ['a batch after many spaces', `${' '.repeat(200)}[${JSON.stringify(LIST)}]`, {}, 400, 'one message'],
    ['a batch after a byte order mark', `\ufeff[${JSON.stringify(LIST)}]`, {}, 400, 'one message'],
    ['a body that is too large', { ...LIST, params: 'x'.repeat(50_000) }, {}, 413, 'MAX_BODY_BYTES'],
    ['a body that is not JSON', '{"jsonrpc"', {}, 400, '"code":-32700'],
    ['JSON that is not a message', { hello: 1 }, {}, 400, '"code":-32'],
    ['another content type', LIST, { 'content-type': 'text/plain' }, 415, 'application/json'],
    ['a client that accepts no stream', LIST, { accept: 'text/html' }, 406, 'text/event-stream'],
    ['a wrong key', LIST, { 'x-api-key': 'wrong' }, 401, 'UNAUTHENTICATED'],
    ['a page of another site', LIST, { origin: 'https://evil.example' }, 403, 'CORS_ORIGINS'],
  ])('refuses %s', async (_, body, headers, status, part) => {
    const answer = await send(body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(part);
  });

  it.each(['GET', 'DELETE', 'PUT'])('has no sessions and no streams: %s', async (method) => {
    expect((await send('', {}, method)).status).toBe(405);
  });

  it('has no TRACE, which `fetch` cannot send', async () => {
    const { port } = new URL(running().url);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest({ port, method: 'TRACE', path: '/mcp' }, resolve).once('error', reject).end();
    });
    response.resume();
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST']);
  });

  it('does not answer a page whose name was rebound to this machine', async () => {
    const { port } = new URL(running().url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = {
        port,
        method: 'POST',
        path: '/mcp',
        headers: { ...JSON_HEADERS, host: 'evil.example' },
      };
      httpRequest(options, ({ statusCode }) => resolve(statusCode))
        .once('error', reject)
        .end('{}');
    });
    expect(status).toBe(403);
  });

  it('accepts what an MCP client sends from the pages of CORS_ORIGINS', async () => {
    const asked = 'authorization, content-type, mcp-protocol-version, mcp-method, mcp-name';
    const preflight = await fetch(mcpUrl(running()), {
      method: 'OPTIONS',
      headers: { origin: PAGE, 'access-control-request-method': 'POST' },
    });
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(expect.arrayContaining(asked.split(', ')));
    expect((await send(LIST, { origin: PAGE })).status).toBe(200);
  });

  it('opens no stream for changes of the tools, because they do not change', async () => {
    await using agent = await connectHttp(running(), {}, 'modern');
    expect(agent.client.getServerCapabilities()).toEqual({ tools: { listChanged: false } });
    await expect(agent.client.listen({ toolsListChanged: true })).rejects.toThrow('limit');
  });
});

it('a query ends when its client has disconnected', async () => {
  let asked: AbortSignal | null | undefined;
  let answer = (_text: string) => {};
  const held = new Promise<string>((resolve) => (answer = resolve));
  await using slow = await startServer({
    reading(scope, work) {
      asked = scope.signal;
      return work();
    },
    held: () => held,
  });
  const leave = new AbortController();
  const body = JSON.stringify({
    ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
    params: { name: 'query', arguments: { query: '{ held }' } },
  });
  const url = mcpUrl({ url: slow.url.graphql });
  const sent = fetch(url, { method: 'POST', headers: JSON_HEADERS, body, signal: leave.signal });
  const read = sent.then((response) => response.text()).catch(String);
  await expect.poll(() => asked?.aborted).toBe(false);
  leave.abort();
  await expect.poll(() => asked?.aborted).toBe(true);
  answer('late');
  expect(await read).toContain('AbortError');
});

describe.each([
  ['http', connectHttp],
  ['stdio', (at: { url: string }, headers?: Record<string, string>) => connectStdio(at.url, headers)],
] as const)('the tool `query` over %s', (_, connect) => {
  it.each([
    ['a mutation', { query: ADD }, /^FORBIDDEN: This tool is read-only: it cannot run a mutation\./],
    [
      'a subscription',
      { query: TICKS },
      /^FORBIDDEN: This tool is read-only: it cannot run a subscription\./,
    ],
    [
      'a mutation among others',
      { query: `query A { hello } ${ADD.replace('{', 'B {')}`, operationName: 'B' },
      /cannot run a mutation/,
    ],
    [
      'a mutation by its id',
      { documentId: idOf(ADD) },
      /mutation operation from .*\nThis tool runs queries only/,
    ],
    [
      'a subscription by its id',
      { documentId: idOf(TICKS) },
      /^BAD_USER_INPUT: A subscription needs .*\nThis tool runs/,
    ],
    ['an unknown id', { documentId: idOf('{ x }') }, /^NOT_FOUND: There is no trusted document/],
    ['no document', {}, /^BAD_USER_INPUT: Give `query`/],
    [
      'a document that does not parse',
      { query: '{ hello' },
      /^BAD_USER_INPUT: Syntax Error: .* \(line 1, column 8\)$/,
    ],
    ['too many tokens', { query: `{ ${'a '.repeat(20_000)} }` }, /^(BAD_USER_INPUT|QUERY_TOO_COMPLEX): /],
    ['an unknown field', { query: '{ helo }' }, /Did you mean .*"hello".*\n`describe_schema` with the name/s],
    ['an argument that does not exist', { query: '{ hello }', limit: 3 }, /Unrecognized key: "limit"/],
    ['an error of the server', { query: '{ broken }' }, /^INTERNAL: Unexpected error\. Ask the operator/],
  ])('refuses or explains %s', async (__, args, text) => {
    await using agent = await connect(running());
    expect(await agent.call('query', args)).toEqual({
      isError: true,
      text: expect.stringMatching(text),
      structured: undefined,
    });
  });

  it('runs texts for keys that may send them, and keeps the answers of other fields', async () => {
    await using agent = await connect(running());
    const { structured } = await agent.call('query', {
      query: 'query ($name: String) { hello(name: $name) failing }',
      variables: { name: 'Ada' },
    });
    expect(structured).toMatchObject({
      data: { hello: 'Hello Ada', failing: null },
      errors: [expect.stringMatching(/^OVERLOADED: .* \(at failing\)/)],
    });
    await using limited = await connect(running(), { 'x-api-key': 'trusted' });
    for (const [tool, args] of [
      ['query', { query: '{ hello }' }],
      ['describe_schema', {}],
      ['summary', {}],
    ] as const)
      expect((await limited.call(tool, args)).text, tool).toMatch(/accepts only trusted documents/);
  });
});

describe('a server that cannot be reached', () => {
  it.each([
    ['does not listen', /^No server answers at http:.* \(.*ECONNREFUSED.*`telltale serve`/],
    ['is another program', /answered 200 with a body that is not JSON: <p>Hi/],
    ['does not answer', /did not answer within 60 s/],
  ])('is reported if it %s, with advice', async (what, message) => {
    const answers: Record<string, typeof fetch> = {
      'is another program': async () => new Response('<p>Hi'),
      'does not answer': async () => Promise.reject(new DOMException('late', 'TimeoutError')),
    };
    const asker = createHttpAsker(`http://127.0.0.1:${await freePort()}/graphql`, {}, answers[what]);
    await expect(asker.ask({ query: '{ hello }' })).rejects.toThrow(message);
  });
});
