import { buildSchema, getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { post, startServer } from '../../support/start-server.ts';

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

  it('include its depth', async () => {
    await using running = await startServer({ environment: { MAX_QUERY_DEPTH: '3' } });
    const deepest = await post(running.url.graphql, { query: '{ self { self { hello } } }' }, accept);
    expect(deepest.status).toBe(200);
    const deeper = await post(running.url.graphql, { query: '{ self { self { self { hello } } } }' }, accept);
    expect(deeper).toMatchObject(refused('4 levels of fields; at most 3 (MAX_QUERY_DEPTH).'));
  });

  it('include its aliases', async () => {
    await using running = await startServer({ environment: { MAX_ALIASES: '1' } });
    expect((await post(running.url.graphql, { query: '{ a: hello }' }, accept)).status).toBe(200);
    const two = await post(running.url.graphql, { query: '{ a: hello b: hello }' }, accept);
    expect(two).toMatchObject(refused('2 aliases; at most 1 (MAX_ALIASES).'));
  });

  it('include its tokens, even if the document is sent again', async () => {
    await using running = await startServer({ environment: { MAX_QUERY_TOKENS: '10' } });
    expect((await post(running.url.graphql, { query: '{ hello }' }, accept)).status).toBe(200);
    for (let time = 1; time <= 2; time++) {
      const many = await post(running.url.graphql, { query: `{ ${'hello '.repeat(10)} }` }, accept);
      expect(many).toMatchObject(refused('The document has more than 10 tokens (MAX_QUERY_TOKENS).'));
    }
  });

  it('allow tools to read the whole schema', async () => {
    await using running = await startServer();
    const query = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true });
    const { body } = await post(running.url.graphql, { query });
    expect(body.data.__schema.queryType.name).toBe('Query');
    expect(buildSchema('type Query { a: Int }').getQueryType()?.name).toBe('Query');
  });

  it('cover introspection', async () => {
    await using running = await startServer();
    const query = `{ __schema { types ${'{ ofType '.repeat(20)} { name } ${'}'.repeat(20)} } }`;
    const answer = await post(running.url.graphql, { query }, accept);
    expect(answer).toMatchObject(refused('23 levels of introspection; at most 20.'));
  });
});
