import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../../core/errors.ts';
import type { Services } from '../../graphql/context.ts';
import type { MaskError } from '../../graphql/errors.ts';
import { type EncodedAnswer, encodingOf, exportResponse, statusAnswer } from '../../otlp/protocol/answers.ts';
import type { Signal } from '../../otlp/protocol/telemetry.ts';
import type { ClientAddress } from '../client-address.ts';
import type { Exchange } from '../exchange.ts';
import type { ByteBudget } from '../limits/byte-budget.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { BodyReader } from '../limits/read-body.ts';
import type { Refusal } from '../refusal.ts';
import { createReceiver } from './receive.ts';

/** The paths of OTLP/HTTP. */
const PATHS: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'TRACES'],
  ['/v1/logs', 'LOGS'],
  ['/v1/metrics', 'METRICS'],
]);

/** The signal of a path; undefined if it is not an OTLP path. */
export const signalOf = (path: string): Signal | undefined => PATHS.get(path);

/** OTLP/HTTP, after the check of the sender. */
export interface Otlp {
  /** Stores the contents of a request, and answers it. @throws Error if the client disconnects. */
  answer(exchange: Exchange, signal: Signal): Promise<void>;
  /** Answers with a `google.rpc.Status`. */
  refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void;
}

export interface OtlpOptions {
  readonly services: Services;
  readonly maskError: MaskError;
  readonly addressOf: ClientAddress;
  readonly budget: ByteBudget;
  readonly bodies: BodyReader;
  /** Runs large requests. */
  readonly large: Limiter;
}

/** Requests above this size take turns with other large ones. */
const LARGE_BYTES = 4 * 1024 * 1024;

export function createOtlp(options: OtlpOptions): Otlp {
  const { budget, bodies, large } = options;
  const receiver = createReceiver(options);

  return {
    refuse,
    async answer(exchange, signal) {
      const { request, response } = exchange;
      const encoding = encodingOf(request.headers['content-type']);
      if (request.method !== 'POST') return refuse(request, response, notAllowed(request.method ?? ''));
      const noted = (refusal: Refusal) => {
        receiver.noteRefusal(exchange, signal, refusal.message);
        refuse(request, response, refusal);
      };
      const wrong = receiver.refusal(exchange);
      if (wrong !== null) return noted(wrong);
      if (encoding === null) return noted(unknownType(request));
      // Holds the bytes of the body until the answer, because its items stay in memory as long.
      const reservation = budget.open();
      try {
        const read = await bodies.read(request, reservation);
        if ('refusal' in read) return noted(read.refusal);
        const take = () => receiver.receive(exchange, signal, { encoding, bytes: read.body });
        const received = await (read.body.length > LARGE_BYTES ? large(take) : take());
        if ('refusal' in received) refuse(request, response, received.refusal);
        else send(response, 200, exportResponse(signal, encoding, received.partial));
      } finally {
        reservation.release();
      }
    },
  };
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const CODES: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 3,
  NOT_FOUND: 5,
  FORBIDDEN: 7,
  RATE_LIMITED: 8,
  CONFLICT: 10,
  QUERY_TOO_COMPLEX: 3,
  INTERNAL: 13,
  OVERLOADED: 14,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};

/** In the encoding of the request, or in readable JSON if that is not an OTLP encoding. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, code, message, headers } = refusal;
  const encoding = encodingOf(request.headers['content-type']) ?? 'JSON';
  const answer = statusAnswer(encoding, CODES[code], message);
  // Otherwise the rest of the request would be read before the next one of the connection.
  send(response, status, answer, { ...(!request.complete && { connection: 'close' }), ...headers });
}

function send(
  response: ServerResponse,
  status: number,
  { contentType, body }: EncodedAnswer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': body.length });
  response.end(body);
}

/**
 * Whether a request for an unknown path was meant for OTLP. The answer then says what to configure.
 */
export const seeksOtlp = (path: string, { headers }: IncomingMessage): boolean =>
  path.startsWith('/v1/') || encodingOf(headers['content-type']) === 'PROTOBUF';

/** The answer of a port that accepts only OTLP, and to senders that use another path. */
export const notOtlp = (path: string): Refusal => ({
  status: 404,
  code: 'NOT_FOUND',
  message:
    `There is nothing at ${path.slice(0, LONGEST_PATH)}. OTLP is accepted at ` +
    `${[...PATHS.keys()].join(', ')}: set OTEL_EXPORTER_OTLP_ENDPOINT to the address of this ` +
    'server without a path, or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, _LOGS_ENDPOINT and ' +
    '_METRICS_ENDPOINT to those addresses.',
});
const LONGEST_PATH = 200;

const notAllowed = (method: string): Refusal => ({
  status: 405,
  code: 'BAD_USER_INPUT',
  message: `Send OTLP with POST, not with ${method.slice(0, 20)}.`,
  headers: { allow: 'POST' },
});

const unknownType = ({ headers }: IncomingMessage): Refusal => ({
  status: 415,
  code: 'BAD_USER_INPUT',
  message:
    `The content type is ${headers['content-type']?.slice(0, 100) ?? 'missing'}. OTLP is accepted ` +
    'as application/x-protobuf and application/json. gRPC is not supported: set ' +
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf for the sender.',
});
