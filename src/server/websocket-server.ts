import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { hasInexactNumber, parseExactJson } from '../core/exact-json.ts';
import { isObject } from '../core/is-object.ts';
import type { MaskError } from '../graphql/errors.ts';
import type { Callers } from './callers.ts';
import { connectCaller } from './connect-caller.ts';
import type { Cors } from './cors.ts';
import type { Portions } from './json-text.ts';
import { createRounds, type Rounds } from './limits/rounds.ts';
import {
  closeTooBig,
  createMessageChecks,
  type Incoming,
  meterIncoming,
  SMALL_MESSAGE_BYTES,
  type SocketLimits,
} from './limits/socket-limits.ts';
import type { UnreadAnswers } from './limits/unread-answers.ts';
import type { LocalAccess } from './local-access.ts';
import { JSON_TYPE, type Refusal, refusalBody } from './refusal.ts';
import { createSocketOperations, type OpeningRequest, type SocketExtra } from './socket-operations.ts';
import { createSocketSend, type SocketSend } from './socket-send.ts';
import type { TrustedDocuments } from './trusted-documents.ts';
import { GRAPHQL_ENDPOINT, type Yoga } from './yoga.ts';

export interface WebSocketOptions {
  readonly yoga: Yoga;
  readonly documents: TrustedDocuments;
  readonly maskError: MaskError;
  readonly access: LocalAccess;
  readonly callers: Callers;
  readonly cors: Cors;
  readonly limits: SocketLimits;
  readonly portions: Portions;
  readonly unread: UnreadAnswers;
  readonly logger: Logger;
  /** See `SocketOperationsOptions`. */
  readonly initWithinMs?: number;
  /**
   * Milliseconds between pings. A client that does not answer a ping before the next one is
   * disconnected. Default: 12,000.
   */
  readonly pingEveryMs?: number;
  /** How long a client that is closed may take to agree. Default: 5,000. */
  readonly closeWithinMs?: number;
}

export interface WebSocketTransport {
  readonly connections: number;
  /**
   * Closes all connections with 1001 (going away), which makes clients reconnect. Resolves when all
   * are closed.
   */
  close(): Promise<void>;
  /** Closes the remaining connections at once. */
  terminate(): void;
}

const PING_EVERY_MS = 12_000;
/**
 * A client that is closed and does not agree is disconnected after this time, in milliseconds:
 * until then it counts for its address. `ws` waits 30 s; its types do not know the option.
 */
const CLOSING = { closeTimeout: 5_000 };

/**
 * GraphQL over WebSocket (graphql-transport-ws) on the HTTP server. The next result of a
 * subscription is requested only when the last one was handed to the network. So a client that does
 * not read holds only its bounded queue and one result in memory.
 */
export function attachWebSocketServer(server: Server, options: WebSocketOptions): WebSocketTransport {
  const { logger, access, cors, limits } = options;
  const sockets = new WebSocketServer({
    ...{ noServer: true, maxPayload: limits.messageBytes, handleProtocols },
    ...(options.closeWithinMs === undefined ? CLOSING : { closeTimeout: options.closeWithinMs }),
  });
  const send = createSocketSend(logger);
  const protocol = makeServer(
    createSocketOperations({
      ...options,
      send,
      isIngest: limits.isIngest,
      onConnect: connectCaller(options.callers),
    }),
  );
  const { addresses } = limits;
  const pings = createRounds(options.pingEveryMs ?? PING_EVERY_MS);
  const checks = createMessageChecks(limits);
  const connections = new Map<WebSocket, Set<Promise<void>>>();

  const onError = (err: Error) => logger.debug({ err }, 'A WebSocket connection was lost');

  sockets.on('connection', (socket: WebSocket, { headers, socket: stream }: IncomingMessage) => {
    // Not Node's whole request, which would stay in memory as long as the connection.
    const request: OpeningRequest = { headers, socket: stream };
    socket.on('error', onError);
    // Each operation may wait for its close.
    socket.setMaxListeners(0);
    keepAlive(socket, pings);
    socket.on('close', addresses.add(request));
    const running = new Set<Promise<void>>();
    connections.set(socket, running);
    const extra: SocketExtra = { socket, request, awaited: null, isLarge: false, longText: null };
    const incoming = meterIncoming(extra, limits, checks);
    const opened = protocol.opened(adapter({ socket, extra, incoming, running, send, logger }), extra);
    socket.on('close', (code, reason) => {
      connections.delete(socket);
      for (const client of extra.awaited?.values() ?? []) client.leave();
      opened(code, String(reason)).catch((err: unknown) =>
        logger.error({ err }, 'A WebSocket did not close cleanly'),
      );
    });
  });

  server.on('upgrade', (request, stream, head) => {
    const refusal =
      request.url?.split('?', 1)[0] === GRAPHQL_ENDPOINT
        ? (access.check(request) ?? cors.check(request) ?? addresses.check(request))
        : NOT_HERE;
    if (refusal !== null) refuseUpgrade(stream, refusal);
    else
      sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket, request));
  });

  return {
    get connections() {
      return connections.size;
    },
    async close() {
      await Promise.all([...connections].map(([socket, running]) => sayGoodbye(socket, running)));
      sockets.close();
    },
    terminate() {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

/** Closes a socket after its running operations have sent their last message. */
async function sayGoodbye(socket: WebSocket, running: ReadonlySet<Promise<void>>): Promise<void> {
  const gone = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([Promise.all(running), gone]);
  socket.close(1001, 'Going away');
  await gone;
}

type ProtocolSocket = Parameters<ReturnType<typeof makeServer>['opened']>[0];

interface Adapted {
  readonly socket: WebSocket;
  readonly extra: SocketExtra;
  readonly incoming: Incoming;
  /** A promise for each message being handled. */
  readonly running: Set<Promise<void>>;
  readonly send: SocketSend;
  readonly logger: Logger;
}

/** Adapts a socket to graphql-ws. */
function adapter({ socket, extra, incoming, running, send, logger }: Adapted): ProtocolSocket {
  return {
    protocol: socket.protocol,
    // Resolves when the data was handed to the network. The next result waits for that.
    send(data) {
      const long = extra.longText;
      extra.longText = null;
      return new Promise((resolve, reject) => {
        const done = (error?: Error | null) => {
          if (long !== null) {
            socket.removeListener('close', long.close);
            long.close();
          }
          if (error) reject(error);
          else resolve();
        };
        send(socket, long?.send() ?? [data], done, long?.taken);
      });
    },
    close: (code, reason) => socket.close(code, reason),
    onMessage(handle) {
      socket.on('message', (data: RawData) => {
        // A closing socket still emits what its client sends.
        if (socket.readyState !== socket.OPEN) return;
        const completed = completedId(data);
        if (completed !== null) extra.awaited?.get(completed)?.leave();
        // Holds the bytes of the message while it is handled.
        const reservation = incoming.complete();
        extra.isLarge = (data as Buffer).length > SMALL_MESSAGE_BYTES;
        // Settles when the operation that the message started has ended.
        const done = handle(readMessage(String(data))).catch((err: unknown) => {
          // Sending also fails after the client has disconnected. That is not an error.
          if (socket.readyState !== socket.OPEN) return;
          logger.error({ err }, 'A WebSocket message could not be handled');
          socket.close(CloseCode.InternalServerError, 'Internal server error');
        });
        // If the operation may be large, it has cleared the flag by now.
        if (extra.isLarge) closeTooBig(socket);
        running.add(done);
        void done.then(() => {
          running.delete(done);
          reservation.release();
        });
      });
    },
  };
}

/**
 * The text of a message, which graphql-ws parses; the parsed message if it has a number that only
 * `parseExactJson` reads well. graphql-ws takes both, although its types name only text.
 */
function readMessage(text: string): string {
  if (!hasInexactNumber(text)) return text;
  try {
    return parseExactJson(text) as string;
  } catch {
    // graphql-ws closes the socket and says what is wrong with the text.
    return text;
  }
}

/** A longer message does more than complete an operation. */
const LONGEST_COMPLETE = 1_000;

/**
 * The id of the operation that the client completes; null for other messages. graphql-ws then ends
 * a subscription, but has no hook to end a query.
 */
function completedId(data: RawData): string | null {
  if (!Buffer.isBuffer(data) || data.length > LONGEST_COMPLETE) return null;
  const text = String(data);
  if (!text.includes('"complete"')) return null;
  try {
    const message: unknown = JSON.parse(text);
    if (!isObject(message)) return null;
    const { type, id } = message;
    return type === 'complete' && typeof id === 'string' ? id : null;
  } catch {
    // graphql-ws closes the socket of a client that sends invalid JSON.
    return null;
  }
}

/**
 * Disconnects clients that do not answer pings: those that vanished, and those that do not read
 * their socket.
 */
function keepAlive(socket: WebSocket, pings: Rounds): void {
  let answered = true;
  const stop = pings.add(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  });
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', stop);
}

const NOT_HERE: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  message: `WebSockets are at ${GRAPHQL_ENDPOINT}.`,
};

function refuseUpgrade(stream: Duplex, refusal: Refusal): void {
  const body = refusalBody(refusal);
  stream.on('error', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${refusal.status} ${refusal.code}\r\nconnection: close\r\ncontent-type: ${JSON_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
