import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An answer of a provider: JSON with a status, or the data of server-sent events. */
export type ModelAnswer =
  | { readonly status?: number; readonly body: unknown }
  | {
      readonly events: readonly { readonly event?: string; readonly data: unknown }[];
      readonly cut?: boolean;
    };

/** A substitute for the HTTP API of a provider of models. */
export interface ModelApi extends AsyncDisposable {
  readonly url: string;
  /** The bodies of the received requests. */
  readonly requests: readonly Record<string, unknown>[];
  /** The answers to the next requests, one each. */
  answer(...answers: ModelAnswer[]): void;
}

export async function startModelApi(): Promise<ModelApi> {
  const requests: Record<string, unknown>[] = [];
  const answers: ModelAnswer[] = [];
  const server = createServer(async (request, response) => {
    requests.push((await json(request)) as Record<string, unknown>);
    const answer = answers.shift() ?? {
      status: 500,
      body: { error: { message: 'The test has no answer.' } },
    };
    if ('body' in answer) {
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { event, data } of answer.events) {
      const text = typeof data === 'string' ? data : JSON.stringify(data);
      response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`);
    }
    // Ends the connection when the written data has been sent.
    if (answer.cut) response.write('\n', () => response.destroy());
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (...more) => void answers.push(...more),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
