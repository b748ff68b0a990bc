import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { createCallers } from '../../src/server/callers.ts';
import { createDocumentCache } from '../../src/server/document-cache.ts';
import { createTrustedDocuments, readTrustedDocuments } from '../../src/server/trusted-documents.ts';
import { callerOf } from '../support/callers.ts';
import { startServer } from '../support/start-server.ts';
import { readAnswer, send, sendBody, type Transport, transports } from '../support/three-transports.ts';

const idOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const HELLO = 'query Hello($name: String) { hello(name: $name) }';
const ADD = 'mutation { add(left: 1, right: 2) }';
const WRONG = '{ nope }';
const UNKNOWN = idOf('{ unknown }');
const MANIFEST = Object.fromEntries([HELLO, ADD, WRONG].map((text) => [idOf(text), text]));

let folder: string;
let environment: { readonly TRUSTED_DOCUMENTS: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-'));
  environment = { TRUSTED_DOCUMENTS: join(folder, 'manifest.json') };
  await writeFile(environment.TRUSTED_DOCUMENTS, JSON.stringify(MANIFEST));
});
afterAll(() => rm(folder, { recursive: true }));

/** Callers who may send only trusted documents. */
const limited = {
  authenticate: () => Promise.resolve({ ...callerOf(), trustedDocumentsOnly: true }),
  isOpen: false,
};

const statusOf = (transport: Transport, status: number) =>
  ({ direct: status, yoga: status, sse: status, webSocket: null })[transport];

describe.each(transports)('a trusted document over %s', (transport) => {
  it('runs by its id, with its variables', async () => {
    await using running = await startServer({ environment, access: limited });
    const operation = { query: '', documentId: idOf(HELLO), variables: { name: 'Ada' } };
    const { errors, text } = await send(transport, running.url, operation);
    expect(errors).toEqual([]);
    if (transport !== 'webSocket') expect(text).toContain('{"data":{"hello":"Hello Ada"}}');
  });

  it.each([
    ['an unknown id', { documentId: UNKNOWN, query: '' }, 404, 'NOT_FOUND', /^There is no trusted document/],
    ['no id', { documentId: 'Hello', query: '' }, 400, 'BAD_USER_INPUT', /^`documentId` must be "sha256:"/],
    ['an id and a text', { documentId: idOf(ADD), query: ADD }, 400, 'BAD_USER_INPUT', /not both\.$/],
    ['a text', { query: HELLO }, 403, 'FORBIDDEN', /accepts only trusted documents/],
    ['the text of a mutation', { query: ADD }, 403, 'FORBIDDEN', /accepts only trusted documents/],
  ])('is refused, and nothing runs: %s', async (_, operation, status, code, message) => {
    await using running = await startServer({ environment, access: limited });
    const answer = await send(transport, running.url, operation);
    expect(answer.errors).toEqual([
      { message: expect.stringMatching(message), extensions: expect.objectContaining({ code }) },
    ]);
    expect(answer.status).toBe(statusOf(transport, status));
    expect(answer.text).not.toContain('"data"');
    expect(running.log).toEqual([]);
  });
});

describe('a server with trusted documents', () => {
  it('accepts the id in a GET, and in JSON without a text', async () => {
    await using running = await startServer({ environment, access: limited });
    const url = `${running.url.graphql}?documentId=${idOf(HELLO)}&variables=${encodeURIComponent('{"name":"Ada"}')}`;
    expect(await (await fetch(url)).json()).toEqual({ data: { hello: 'Hello Ada' } });
    const posted = await sendBody('direct', running.url.graphql, JSON.stringify({ documentId: idOf(HELLO) }));
    expect(posted).toMatchObject({ status: 200, text: '{"data":{"hello":"Hello world"}}' });
    const mutation = await fetch(`${running.url.graphql}?documentId=${idOf(ADD)}`);
    expect(await readAnswer(mutation)).toMatchObject({ status: 405 });
  });

  it('checks a document like any other', async () => {
    await using running = await startServer({ environment });
    const { errors } = await send('direct', running.url, { query: '', documentId: idOf(WRONG) });
    expect(errors[0].message).toMatch(/^Cannot query field "nope"/);
  });

  it.each([7, true, ['a'], {}])('rejects an id that is not text: %j', async (documentId) => {
    await using running = await startServer({ environment });
    const answer = await sendBody('yoga', running.url.graphql, JSON.stringify({ documentId }));
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('lets other callers send what they want', async () => {
    await using running = await startServer({ environment });
    expect((await send('direct', running.url, { query: '{ hello }' })).errors).toEqual([]);
  });

  it('refuses texts of all callers with TRUSTED_DOCUMENTS_ONLY, but not of its own process', async () => {
    await using running = await startServer({
      environment: { ...environment, TRUSTED_DOCUMENTS_ONLY: 'true' },
    });
    const { status, errors } = await send('direct', running.url, { query: '{ hello }' });
    expect({ status, errors }).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    const request = new Request('http://in.process/graphql?query={hello}');
    const answer = await running.server.fetch(request, callerOf());
    expect(await answer.json()).toEqual({ data: { hello: 'Hello world' } });
  });

  it('knows no id without a manifest', async () => {
    await using running = await startServer();
    const { status } = await send('direct', running.url, { query: '', documentId: idOf(HELLO) });
    expect(status).toBe(404);
  });
});

describe('the documents of the dashboard', () => {
  const documents = createTrustedDocuments(new Map(), () => new Map([[idOf(HELLO), HELLO]]));
  const send = async ({ server, ...caller }: { server: boolean } & Partial<Caller>) => {
    const callers = createCallers({
      access: {
        authenticate: () => Promise.resolve({ ...callerOf(), keyId: 'a key', ...caller }),
        isOpen: false,
      },
      maskError: (error) => error as GraphQLError,
      trustedDocumentsOnly: server,
    });
    const known = await callers(() => ({ key: null, project: null }));
    if ('refusal' in known) throw new Error('The caller is refused.');
    return () => documents.resolve({ documentId: idOf(HELLO) }, known.caller);
  };

  it.each([false, true])(
    'are sent by their ids, even if the server accepts only other documents: %s',
    async (server) => {
      expect((await send({ server }))()).toEqual({ query: HELLO });
    },
  );

  it.each([
    ['a key that is limited itself', { server: false, trustedDocumentsOnly: true }],
    ['a key that is limited itself, on a limited server', { server: true, trustedDocumentsOnly: true }],
    ['a caller without a key on an open server, if the server is limited', { server: true, keyId: null }],
    ['a read token, if the server is limited', { server: true, rows: new Map() }],
  ])('are refused to %s', async (_, caller) => {
    expect(await send(caller)).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({ code: 'NOT_FOUND', argument: 'documentId' }),
      }),
    );
  });
});

describe('a manifest', () => {
  it.each([
    ['is not JSON', '{', /JSON/],
    ['is a list', '[]', /must contain a JSON object/],
    ['has another kind of id', JSON.stringify({ abc: HELLO }), /"abc" is not an id/],
    [
      'has a wrong hash',
      JSON.stringify({ [idOf(ADD)]: HELLO }),
      new RegExp(`"${idOf(ADD)}" has a text with a different hash, ${idOf(HELLO)}`),
    ],
    ['has no text', JSON.stringify({ [idOf(ADD)]: 7 }), /must have the text/],
    ['has a text that does not parse', JSON.stringify({ [idOf('{')]: '{' }), /does not parse: Syntax Error/],
  ])('is refused with the name of its variable if it %s', async (_, text, message) => {
    const file = join(folder, 'broken.json');
    await writeFile(file, text);
    expect(() => readTrustedDocuments(file)).toThrow(message);
    expect(() => readTrustedDocuments(file)).toThrow(`TRUSTED_DOCUMENTS=${file}: `);
  });

  it('is refused if it does not exist', () => {
    expect(() => readTrustedDocuments(join(folder, 'none.json'))).toThrow(/^TRUSTED_DOCUMENTS=.*: ENOENT/);
  });
});

describe('the cache of documents', () => {
  it('keeps trusted documents permanently, whatever their length and whatever else is requested', () => {
    const long = `{ ${'hello '.repeat(10_000)}}`;
    const cache = createDocumentCache<object>(new Set([long]));
    const parsed = {};
    cache.set(long, parsed);
    cache.set(`${long} `, {});
    for (let index = 0; index < 5_000; index++) cache.set(`{ a${index}: hello }`, {});
    expect(cache.get(long)).toBe(parsed);
    expect(cache.get(`${long} `)).toBeUndefined();
    expect(cache.get('{ a0: hello }')).toBeUndefined();
    expect(cache.get('{ a4999: hello }')).toBeDefined();
  });
});
