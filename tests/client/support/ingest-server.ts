import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

type Events = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** One call of recordActivity. */
export interface Call {
  readonly events: Events;
  /** All events, of any dataset. */
  readonly all: readonly Record<string, unknown>[];
  readonly headers: IncomingHttpHeaders;
  /** The size of the body as received. */
  readonly bytes: number;
}

export type Reply = (call: Call, response: ServerResponse) => void;

/** A substitute for a server, which answers as a test says and as Telltale would in that case. */
export interface IngestServer extends AsyncDisposable {
  readonly url: string;
  /** The received calls, in their order. */
  readonly calls: readonly Call[];
  /** The answers to the next calls, one each; calls after them are recorded. */
  reply(...replies: Reply[]): void;
  /** The ids of recorded events, as often as they arrived. */
  readonly recorded: readonly string[];
}

export async function startIngestServer(): Promise<IngestServer> {
  const calls: Call[] = [];
  const recorded: string[] = [];
  const replies: Reply[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const events: Events = JSON.parse(text.toString()).variables.input;
    const all = Object.values(events).flat();
    const call = { events, all, headers: request.headers, bytes: text.length };
    calls.push(call);
    const reply = replies.shift();
    if (reply !== undefined) return reply(call, response);
    recorded.push(...all.map(({ id, requestId }) => String(id ?? requestId)));
    accept(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    recorded,
    reply: (...more) => void replies.push(...more),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (_call, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

export const accept: Reply = (call, response) =>
  json(200, { data: { recordActivity: { accepted: call.all.length, duplicates: 0, rejected: [] } } })(
    call,
    response,
  );

/** The events of these positions in the dataset are rejected. */
export const reject =
  (dataset: string, ...positions: number[]): Reply =>
  (call, response) => {
    const rejected = positions.map((index) => ({
      ...{
        dataset,
        index,
        field: 'latencyMs',
        code: 'OUT_OF_RANGE',
        message: 'latencyMs must be 0 or more.',
      },
    }));
    const accepted = call.all.length - rejected.length;
    json(200, { data: { recordActivity: { accepted, duplicates: 0, rejected } } })(call, response);
  };

export const failWith = (code: string, extensions: Record<string, unknown> = {}, status = 200): Reply =>
  json(status, { data: null, errors: [{ message: `${code}!`, extensions: { code, ...extensions } }] });

/** Never answers. */
export const hang: Reply = () => undefined;

/** Commits, and dies before it answers. */
export const commitAndDie: (server: IngestServer) => Reply = (server) => (call, response) => {
  (server.recorded as string[]).push(...call.all.map(({ id }) => String(id)));
  response.socket?.destroy();
};
