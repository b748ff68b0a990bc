import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { readRequest } from '../../../src/otlp/protocol/read-request.ts';
import type { Attributes, Span } from '../../../src/otlp/protocol/telemetry.ts';
import { createTexts } from '../../../src/otlp/protocol/wire-reader.ts';

/** A receiver of OTLP, which reads it like this server. */
export interface TestCollector extends AsyncDisposable {
  readonly endpoint: string;
  readonly spans: Span[];
  /** The requests with metrics, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: looked into by matchers
  readonly metrics: any[];
  /** The attributes of the resources that sent spans. */
  readonly resources: Attributes[];
  readonly headers: NodeJS.Dict<string | string[]>[];
  /** The status with which it answers. */
  status: number;
}

export async function startCollector(): Promise<TestCollector> {
  const server = createServer(async (request, response) => {
    const sent = await buffer(request);
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    collector.headers.push(request.headers);
    if (collector.status === 200 && request.url === '/v1/traces') {
      for (const { resource, items } of readRequest('TRACES', { bytes, encoding: 'JSON' }, createTexts())) {
        collector.resources.push(resource);
        collector.spans.push(...items);
      }
    }
    if (collector.status === 200 && request.url === '/v1/metrics')
      collector.metrics.push(JSON.parse(bytes.toString()));
    response.writeHead(collector.status, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const collector: TestCollector = {
    ...{
      endpoint: `http://127.0.0.1:${port}`,
      spans: [],
      metrics: [],
      resources: [],
      headers: [],
      status: 200,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return collector;
}
