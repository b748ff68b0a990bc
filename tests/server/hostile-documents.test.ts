import { describe, expect, it } from 'vitest';
import { startServer } from '../support/start-server.ts';
import { send, type Transport, transports } from '../support/three-transports.ts';

const LEVELS = 3000;
const TOKENS = { MAX_QUERY_TOKENS: '1000000' };

/** Each of these used to overflow the stack of the parser. */
const shapes: Readonly<Record<string, (levels: number) => string>> = {
  fields: (levels) => `{ ${'self { '.repeat(levels)}hello${' }'.repeat(levels)} }`,
  'open braces': (levels) => '{'.repeat(levels),
  'list literals': (levels) => `{ hello(name: ${'['.repeat(levels)}${']'.repeat(levels)}) }`,
  'object literals': (levels) => `{ hello(name: ${'{a: '.repeat(levels)}1${'}'.repeat(levels)}) }`,
  'inline fragments': (levels) => `{ ${'... { '.repeat(levels)}hello${' }'.repeat(levels)} }`,
  'list types': (levels) => `query ($a: ${'['.repeat(levels)}Int${']'.repeat(levels)}) { hello }`,
  'open parentheses': (levels) => `{ hello${'('.repeat(levels)}`,
};

const everywhere = transports.flatMap((transport) =>
  Object.keys(shapes).map((shape) => [shape, transport] as const),
);

describe('a document nested too deep for the parser', () => {
  it.each(everywhere)('is refused: %s, %s', async (shape, transport) => {
    await using running = await startServer({ environment: TOKENS });
    const query = shapes[shape]?.(LEVELS) ?? '';
    const { status, errors } = await send(transport, running.url, { query });
    expect(status).toBe(statusOf(transport));
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'The query is too complex: The document has more than 215 levels of nested brackets.',
        extensions: expect.objectContaining({ code: 'QUERY_TOO_COMPLEX' }),
      }),
    ]);
    expect(running.log).toEqual([]);
  });

  it('is detected by brackets, but not by those in texts and comments', async () => {
    await using running = await startServer();
    const brackets = '{[('.repeat(500);
    const query = `# ${brackets}\n{ hello(name: "${brackets}") }`;
    const { errors } = await send('direct', running.url, { query });
    expect(errors).toEqual([]);
  });

  it('may have many brackets side by side', async () => {
    await using running = await startServer();
    const { errors } = await send('direct', running.url, { query: `{ ${'... { hello } '.repeat(500)} }` });
    expect(errors).toEqual([]);
  });

  it('leaves an invalid character to the parser', async () => {
    await using running = await startServer();
    const query = `{ hello } ${'{'.repeat(216).split('').join(' \u0007')}`;
    const { errors } = await send('direct', running.url, { query });
    expect(errors[0].message).toMatch(/^Syntax Error: /);
  });

  it('may nest as many fragments in each other as its tokens allow', async () => {
    await using running = await startServer();
    const chain = Array.from({ length: 600 }, (_, n) => `fragment f${n} on Query { ...f${n + 1} }`);
    const query = `{ ...f0 } ${chain.join(' ')} fragment f600 on Query { hello }`;
    const { errors } = await send('direct', running.url, { query });
    expect(errors).toEqual([]);
  });
});

describe('a name or a literal of 1 MB', () => {
  const long = 'a'.repeat(1_000_000);
  const documents: Readonly<Record<string, string>> = {
    'the name of a field': `{ ${long} }`,
    'the name of an argument': `{ hello(${long}: 1) }`,
    'a literal': `{ hello(name: ${long}) }`,
    'a literal of short words': `mutation { add(left: "${'word '.repeat(200_000)}", right: 1) }`,
    'the name of a variable': `query ($${long}: Int!) { hello }`,
    'the name of a type': `query ($a: ${long}) { hello }`,
    'a syntax error': `{ hello } ${long}`,
  };

  it.each(
    transports.flatMap((transport) => Object.keys(documents).map((name) => [name, transport] as const)),
  )('is not repeated in full in the error: %s, %s', async (name, transport) => {
    await using running = await startServer();
    const { text, errors } = await send(transport, running.url, { query: documents[name] ?? '' });
    expect(errors.length).toBeGreaterThan(0);
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(text.length).toBeLessThan(5_000);
  });

  it('keeps the sentence around it', async () => {
    await using running = await startServer();
    const { errors } = await send('direct', running.url, { query: `{ ${long} }` });
    expect(errors[0].message).toBe(`Cannot query field "${'a'.repeat(59)}…a" on type "Query".`);
  });
});

/** Over WebSocket, each operation gets an `error` message; over SSE, the stream contains it. */
const statusOf = (transport: Transport) => ({ direct: 400, yoga: 400, sse: 200, webSocket: null })[transport];
