import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GraphQLSchema } from 'graphql';
import type { MaskError } from '../graphql/errors.ts';
import type { Asker } from '../mcp/asker.ts';
import { clientOf, clientUntil } from './client.ts';
import type { Exchange } from './exchange.ts';
import type { ByteBudget } from './limits/byte-budget.ts';
import type { BodyReader } from './limits/read-body.ts';
import { NEEDS_STREAM } from './plugins/use-readable-answers.ts';
import type { Refusal } from './refusal.ts';
import type { Asking, RunOperation } from './run-operation.ts';

export const MCP_PATH = '/mcp';

/**
 * The Model Context Protocol by streamable HTTP. Its tools ask GraphQL as the caller of the
 * request: through the same engine, with the same rights, prices, quotas and limits.
 */
export interface McpEndpoint {
  /** @returns a refusal that is not sent yet; null if the answer is sent */
  answer(exchange: Exchange): Promise<Refusal | null>;
}

export interface McpEndpointOptions {
  readonly run: RunOperation;
  readonly schema: GraphQLSchema;
  readonly maskError: MaskError;
  readonly bodies: BodyReader;
  readonly budget: ByteBudget;
}

export function createMcpEndpoint({
  run,
  schema,
  maskError,
  bodies,
  budget,
}: McpEndpointOptions): McpEndpoint {
  const askerOf = (asking: Asking): Asker => ({
    // As GET, so that the engine never executes a mutation, whatever document an id stands for.
    ask: async (operation) => (await run(asking, () => operation, 'GET')) ?? NEEDS_STREAM,
    schema: () => Promise.resolve(schema),
  });

  async function serve(exchange: Exchange, body: Buffer): Promise<void> {
    // Loaded at the first request: loading takes long, and most servers never need it.
    const { serveHttp } = await import('../mcp/serve-http.ts');
    const gone = new AbortController();
    const stay = clientOf(exchange.response).onLeave(() => gone.abort());
    try {
      const answer = await serveHttp(fetchRequestOf(exchange, body, gone.signal), {
        asker: askerOf({ ...exchange, client: clientUntil(gone.signal) }),
        onUnexpected: (error) => maskError(error).message,
      });
      await send(exchange, answer);
    } finally {
      stay();
    }
  }

  return {
    async answer(exchange) {
      if (exchange.request.method !== 'POST') return NOT_POST;
      const reservation = budget.open();
      try {
        const read = await bodies.read(exchange.request, reservation);
        if ('refusal' in read) return read.refusal;
        if (isBatch(read.body)) return BATCH;
        await serve(exchange, read.body);
        return null;
      } finally {
        reservation.release();
      }
    },
  };
}

/** There are no sessions to end, and no streams to open. */
const NOT_POST: Refusal = {
  status: 405,
  code: 'BAD_USER_INPUT',
  message: 'Send messages of the Model Context Protocol with POST.',
  headers: { allow: 'POST' },
};

/** The protocol dropped batches in 2025. A batch could contain any number of questions. */
const BATCH: Refusal = {
  status: 400,
  code: 'BAD_USER_INPUT',
  message: 'Batches of JSON-RPC messages are not supported: send one message per request.',
};

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LIST_BEGINS = 0x5b;
/** The white space of JSON: tab, line feed, carriage return, space. */
const WHITE_SPACE: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);

/** Whether the first byte after any white space begins a list. */
function isBatch(body: Buffer): boolean {
  const hasMark = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const start = hasMark ? BYTE_ORDER_MARK.length : 0;
  return body.subarray(start).find((byte) => !WHITE_SPACE.has(byte)) === LIST_BEGINS;
}

function fetchRequestOf({ request }: Exchange, body: Buffer, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !name.startsWith(':')) headers.set(name, String(value));
  }
  // The authority does not matter: access was decided before.
  const url = `http://localhost${MCP_PATH}`;
  return new Request(url, { method: 'POST', headers, signal, body: new Uint8Array(body) });
}

async function send({ response }: Exchange, { status, headers, body }: Response): Promise<void> {
  response.writeHead(status, Object.fromEntries(headers));
  if (body === null) {
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), response);
}
