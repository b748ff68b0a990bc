import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/start-server.ts';

describe('GraphQL over HTTP', () => {
  it('passes every audit that says MUST or SHOULD', async () => {
    await using running = await startServer();
    const audits = serverAudits({ url: running.url.graphql });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const binding = results.filter(({ name }) => /^(MUST|SHOULD)/.test(name));
    expect(binding.length).toBeGreaterThan(30);
    expect(binding.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(binding.map(({ id, name }) => `${id} ${name}`).sort()).toMatchSnapshot('the audits that ran');
  });

  it.each([
    ['application/graphql-response+json;q=0, application/json', 'application/json'],
    ['application/json;q=0, application/graphql-response+json', 'application/graphql-response+json'],
    ['application/json;q=0.5, application/graphql-response+json;q=0.9', 'application/graphql-response+json'],
    ['application/graphql-response+json;q=0.1, application/json;q=0.2', 'application/json'],
    ['application/graphql-response+json;q=0, */*;q=0.5', 'application/json'],
  ])('answers %s with the media type that it prefers', async (accept, expected) => {
    await using running = await startServer();
    const response = await fetch(running.url.graphql, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.headers.get('content-type')).toMatch(expected);
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('refuses a request that accepts none of its media types', async () => {
    await using running = await startServer();
    const response = await fetch(running.url.graphql, {
      method: 'POST',
      headers: { accept: 'application/json;q=0', 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.status).toBe(406);
    await response.body?.cancel();
  });
});
