import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';

/** A request to the receiver. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that receives the calls of webhooks. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** The requests so far, in order. */
  readonly received: readonly Received[];
  /** Resolves when this many requests have arrived. */
  waitFor(count: number): Promise<void>;
  /** The number of open connections. */
  connections(): Promise<number>;
}

export type Respond = (response: ServerResponse, request: Received, index: number) => unknown;

const NO_CONTENT: Respond = (response) => response.writeHead(204).end();

/** Listens on a free port of 127.0.0.1. Default: every request is answered with 204. */
export async function startReceiver(respond: Respond = NO_CONTENT): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url: path, headers } = request;
    const came = { method, path, headers, body: await text(request) };
    received.push(came);
    respond(response, came, received.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    waitFor: (count) => expect.poll(() => received.length).toBeGreaterThanOrEqual(count),
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * The content of a request for a receiver that checks the signature; throws if the signature is
 * wrong.
 */
export function verified({ headers, body }: Received, secret: string): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}
