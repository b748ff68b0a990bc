import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { post, startServer } from '../support/start-server.ts';
import { sendBody } from '../support/three-transports.ts';

const HELLO = { query: '{ hello }' };
const variables = { input: [{ text: 'a' }] };
const RECORD = { query: 'mutation ($input: [EventInput!]!) { record(input: $input) }', variables };
const BOTH = {
  query: 'mutation ($input: [EventInput!]!) { record(input: $input) add(left: 1, right: 2) }',
  variables,
};
const OTHER_BY_NAME = { query: `mutation A { record(input: []) } query B { hello }`, operationName: 'B' };
const NO_DOCUMENT = { query: '{ hello' };

describe('the size of a body', () => {
  const environment = { MAX_BODY_BYTES: '2000', MAX_INGEST_BODY_BYTES: '4000' };
  const refusal = {
    errors: [
      {
        message:
          'The request body is larger than 4000 bytes (MAX_INGEST_BODY_BYTES). Send the events in smaller batches.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  };

  const onlyIngest = {
    errors: [
      {
        message:
          'The request body is larger than 2000 bytes (MAX_BODY_BYTES). Only requests with ' +
          '`record…` mutations may be larger.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  };

  it('may reach the limit', async () => {
    await using running = await startServer({ environment });
    const answer = await post(running.url.graphql, JSON.stringify(HELLO).padEnd(2000));
    expect(answer.body).toEqual({ data: { hello: 'Hello world' } });
  });

  it.each(['direct', 'yoga', 'sse'] as const)(
    'may be larger only for ingest, which is known after reading: %s',
    async (path) => {
      await using running = await startServer({ environment });
      const { graphql } = running.url;
      const send = (operation: object, bytes: number) =>
        sendBody(path, graphql, JSON.stringify(operation).padEnd(bytes));
      expect(await send(RECORD, 4000)).toMatchObject({ status: 200, errors: [] });
      expect((await send(RECORD, 4000)).text).toContain('{"data":{"record":1}}');
      for (const operation of [HELLO, BOTH, OTHER_BY_NAME, NO_DOCUMENT]) {
        const { status, errors } = await send(operation, 2001);
        expect(status).toBe(413);
        expect({ errors }).toEqual(onlyIngest);
      }
    },
  );

  it('is refused above the limit of ingest if the client declares it', async () => {
    await using running = await startServer({ environment });
    const answer = await post(running.url.graphql, JSON.stringify(RECORD).padEnd(4001));
    expect(answer).toMatchObject({ status: 413, body: refusal });
  });

  it('is refused above the limit if the client does not declare it, without reading further', async () => {
    await using running = await startServer({ environment });
    const { status, body, sent } = await streamBody(running.url.graphql, 1_000_000);
    expect(status).toBe(413);
    expect(JSON.parse(body)).toEqual(refusal);
    expect(sent).toBeLessThan(1_000_000_000);
  });
});

/** POSTs chunks without a content-length until the server answers. */
function streamBody(
  url: string,
  chunkBytes: number,
): Promise<{ status: number; body: string; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = false;
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const outgoing = request(url, { method: 'POST', headers }, async (response) => {
      answered = true;
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, body, sent });
      outgoing.destroy();
    });
    // Writing to a server that has answered and closed the connection may fail, but only the answer
    // counts.
    outgoing.on('error', (error) => (answered ? undefined : reject(error)));
    const chunk = Buffer.alloc(chunkBytes, ' ');
    const write = () => {
      if (answered || sent > 1_000_000_000) return;
      sent += chunk.length;
      outgoing.write(chunk, write);
    };
    write();
  });
}
