import { buildSchema, getIntrospectionQuery, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { measureQuery, type QuerySize } from '../../../src/server/query-size.ts';
import { post, startServer } from '../../support/start-server.ts';

function sizeOf(source: string): QuerySize {
  const document = parse(source);
  return measureQuery(document, document.definitions[0] as OperationDefinitionNode);
}

describe('measureQuery', () => {
  it.each<[string, Partial<QuerySize>]>([
    ['{ a }', { depth: 1, aliases: 0, introspectionDepth: 0 }],
    ['{ a { b { c } } d }', { depth: 3 }],
    ['{ x: a { y: b } }', { depth: 2, aliases: 2 }],
    ['{ ... on Query { a { ... { b } } } }', { depth: 2 }],
    ['{ ...A } fragment A on Query { a { b } }', { depth: 2 }],
    ['{ a { ...B ...B } } fragment B on T { x: b }', { depth: 2, aliases: 2 }],
    ['{ __schema { types { name } } }', { depth: 0, introspectionDepth: 3 }],
    ['{ a { __typename } __type(name: "A") { name } }', { depth: 2, introspectionDepth: 2 }],
    ['{ ...Gone }', { depth: 0, aliases: 0 }],
  ])('%s', (source, expected) => {
    expect(sizeOf(source)).toMatchObject(expected);
  });

  it('ends for fragments that spread each other', () => {
    expect(sizeOf('{ ...A } fragment A on Q { a { ...B } } fragment B on Q { b { ...A } }').depth).toBe(2);
  });

  it('counts what 40 doubling fragments unfold to, without unfolding them', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on Q { ...F${n + 1} ...F${n + 1} }`,
    );
    const source = `{ ...F0 } ${fragments.join(' ')} fragment F40 on Q { x: a }`;
    expect(sizeOf(source).aliases).toBe(2 ** 40);
  });
});

describe('the limits of a query', () => {
  const refused = (message: string) => ({
    status: 400,
    body: {
      errors: [
        { message: `The query is too complex: ${message}`, extensions: { code: 'QUERY_TOO_COMPLEX' } },
      ],
    },
  });
  const accept = { accept: 'application/graphql-response+json' };

  it('are its depth', async () => {
    await using running = await startServer({ environment: { MAX_QUERY_DEPTH: '3' } });
    const deepest = await post(running.url.graphql, { query: '{ self { self { hello } } }' }, accept);
    expect(deepest.status).toBe(200);
    const deeper = await post(running.url.graphql, { query: '{ self { self { self { hello } } } }' }, accept);
    expect(deeper).toMatchObject(refused('4 levels of fields; at most 3 (MAX_QUERY_DEPTH).'));
  });

  it('are its aliases', async () => {
    await using running = await startServer({ environment: { MAX_ALIASES: '1' } });
    expect((await post(running.url.graphql, { query: '{ a: hello }' }, accept)).status).toBe(200);
    const two = await post(running.url.graphql, { query: '{ a: hello b: hello }' }, accept);
    expect(two).toMatchObject(refused('2 aliases; at most 1 (MAX_ALIASES).'));
  });

  it('are its tokens, also when the document comes again', async () => {
    await using running = await startServer({ environment: { MAX_QUERY_TOKENS: '10' } });
    expect((await post(running.url.graphql, { query: '{ hello }' }, accept)).status).toBe(200);
    for (let time = 1; time <= 2; time++) {
      const many = await post(running.url.graphql, { query: `{ ${'hello '.repeat(10)} }` }, accept);
      expect(many).toMatchObject(refused('The document has more than 10 tokens (MAX_QUERY_TOKENS).'));
    }
  });

  it('let tools ask for the whole schema', async () => {
    await using running = await startServer();
    const query = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true });
    const { body } = await post(running.url.graphql, { query });
    expect(body.data.__schema.queryType.name).toBe('Query');
    expect(buildSchema('type Query { a: Int }').getQueryType()?.name).toBe('Query');
  });

  it('do not let introspection go on for ever', async () => {
    await using running = await startServer();
    const query = `{ __schema { types ${'{ ofType '.repeat(20)} { name } ${'}'.repeat(20)} } }`;
    const answer = await post(running.url.graphql, { query }, accept);
    expect(answer).toMatchObject(refused('23 levels of introspection; at most 20.'));
  });
});
