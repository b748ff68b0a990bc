import { describe, expect, it } from 'vitest';
import { startServer } from '../support/start-server.ts';
import { readAnswer, sendBody } from '../support/three-transports.ts';

const query = '{ hello }';

describe('a malformed request', () => {
  const bodies: readonly [what: string, body: unknown, message: string | RegExp][] = [
    ['broken JSON', '{"query": ', /^The request body is not valid JSON: /],
    ['an empty body', '', /^The request body is not valid JSON: /],
    ['a list', [{ query }], 'Batching is not supported: send one operation per request.'],
    ['a text', '"{ hello }"', 'The request body must be a JSON object.'],
    ['null', 'null', 'The request body must be a JSON object.'],
    ['a query of a wrong type', { query: 7 }, /"query" param to be a string/],
    ['variables as text', { query, variables: '{}' }, /"variables" param to be empty or an object/],
    ['variables as a list', { query, variables: [] }, /"variables" param to be empty or an object/],
    ['variables as a number', { query, variables: 7 }, /"variables" param to be empty or an object/],
    ['extensions as text', { query, extensions: 'a' }, /"extensions" param to be empty or an object/],
    ['a name of a wrong type', { query, operationName: 7 }, /"operationName" param to be a string/],
    ['an unknown parameter', { query, [`x${'y'.repeat(100_000)}`]: 1 }, /^Unexpected parameter "xyy/],
  ];

  it.each(
    bodies.flatMap((body) => (['direct', 'yoga', 'sse'] as const).map((path) => [...body, path] as const)),
  )('is answered with 400 and says why: %s', async (_, body, message, path) => {
    await using running = await startServer();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await sendBody(path, running.url.graphql, text);
    expect(answer.status).toBe(400);
    expect(answer.errors).toHaveLength(1);
    const [error] = answer.errors;
    expect(error.message).toMatch(message);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(answer.text.length).toBeLessThan(1_000);
    expect(running.log).toEqual([]);
  });

  it.each([
    ['variables={', /^The URL parameter "variables" is not valid JSON: /],
    ['variables=7', /"variables" param to be empty or an object/],
    ['variables=[]', /"variables" param to be empty or an object/],
    ['extensions={', /^The URL parameter "extensions" is not valid JSON: /],
    ['extensions="a"', /"extensions" param to be empty or an object/],
  ])('is answered with 400 by GET, too: %s', async (parameter, message) => {
    await using running = await startServer();
    for (const accept of ['*/*', 'text/event-stream']) {
      const url = `${running.url.graphql}?query=${encodeURIComponent(query)}&${parameter}`;
      const answer = await readAnswer(await fetch(url, { headers: { accept } }));
      expect(answer.status).toBe(400);
      expect(answer.errors[0].message).toMatch(message);
      expect(answer.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
    }
    expect(running.log).toEqual([]);
  });

  it('reports on every path that a number lost digits', async () => {
    await using running = await startServer();
    const document = 'query A($value: JSON!) { inexact(value: $value) }';
    const variables = '{"value":{"a":[1e24,1000000000000000000000001]}}';
    const shown = '{"data":{"inexact":".a[1]"}}';
    for (const path of ['direct', 'yoga', 'sse'] as const) {
      const body = `{"query":${JSON.stringify(document)},"variables":${variables}}`;
      expect((await sendBody(path, running.url.graphql, body)).text).toContain(shown);
    }
    const search = new URLSearchParams({ query: document, variables });
    expect(await (await fetch(`${running.url.graphql}?${search}`)).text()).toContain(shown);
  });

  it('does not include a GET with variables, an operation name and empty extensions', async () => {
    await using running = await startServer();
    const document = encodeURIComponent('query A($name: String) { hello(name: $name) } query B { held }');
    const variables = encodeURIComponent('{"name":"Ada?"}');
    const url = `${running.url.graphql}?query=${document}&variables=${variables}&operationName=A&extensions=`;
    expect(await (await fetch(url)).json()).toEqual({ data: { hello: 'Hello Ada?' } });
  });
});
