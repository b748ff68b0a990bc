/**
 * A server that accepts all events and stores none, in a separate process: the benchmark measures
 * the client, not the server. Answers the parent with its URL.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { serveParent } from '../lib/child.ts';

const server = createServer(async (request, response) => {
  const body = await buffer(request);
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const input: Record<string, unknown[]> = JSON.parse(text.toString()).variables.input;
  const accepted = Object.values(input).reduce((total, { length }) => total + length, 0);
  response.end(JSON.stringify({ data: { recordActivity: { accepted, duplicates: 0, rejected: [] } } }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

serveParent(
  async () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  async () => void server.close(),
);
