import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { socketCredentials } from '../access/credentials.ts';
import type { MaskError } from '../graphql/errors.ts';
import type { Callers } from './callers.ts';
import type { LocalAccess } from './local-access.ts';
import { JSON_TYPE, type Refusal, refusalBody } from './refusal.ts';
import { createSocketOperations, type SocketExtra } from './socket-operations.ts';
import { GRAPHQL_ENDPOINT, type Yoga } from './yoga.ts';

export interface WebSocketOptions {
  readonly yoga: Yoga;
  readonly maskError: MaskError;
  readonly access: LocalAccess;
  readonly callers: Callers;
  /** Maximum size of a client's message, in bytes. */
  readonly bodyBytes: number;
  readonly logger: Logger;
  /**
   * Milliseconds between pings. A client that does not answer a ping before the next one is
   * disconnected. Default: 12,000.
   */
  readonly pingEveryMs?: number;
}

export interface WebSocketTransport {
  readonly connections: number;
  /**
   * Closes all connections with 1001 (going away), upon which clients reconnect. Resolves when all
   * are closed.
   */
  close(): Promise<void>;
  /** Closes the remaining connections at once. */
  terminate(): void;
}

const PING_EVERY_MS = 12_000;
/**
 * Maximum bytes buffered for one client, besides one result per operation. A client with more is
 * disconnected as too slow.
 */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Close code "try again later": a client that was too slow may reconnect. */
const TOO_SLOW = 1013;

/**
 * GraphQL over WebSocket (graphql-transport-ws) on the HTTP server. The next result of a
 * subscription is requested only when the last one was handed to the network, so a client that does
 * not read holds only its bounded queue and one result in memory.
 */
export function attachWebSocketServer(server: Server, options: WebSocketOptions): WebSocketTransport {
  const { logger, access } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.bodyBytes, handleProtocols });
  const protocol = makeServer(
    createSocketOperations(options.yoga, options.maskError, connector(options.callers)),
  );
  const connections = new Map<WebSocket, Set<Promise<void>>>();

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    socket.on('error', (err) => logger.debug({ err }, 'A WebSocket connection was lost'));
    keepAlive(socket, options.pingEveryMs ?? PING_EVERY_MS);
    const running = new Set<Promise<void>>();
    connections.set(socket, running);
    const awaited = new Map<string, AbortController>();
    const extra = { socket, request, awaited };
    const opened = protocol.opened(adapter(socket, running, { logger, awaited }), extra);
    socket.once('close', (code, reason) => {
      connections.delete(socket);
      for (const operation of awaited.values()) operation.abort();
      opened(code, String(reason)).catch((err: unknown) =>
        logger.error({ err }, 'A WebSocket did not close cleanly'),
      );
    });
  });

  server.on('upgrade', (request, stream, head) => {
    const refusal =
      request.url?.split('?', 1)[0] === GRAPHQL_ENDPOINT ? access.checkUpgrade(request) : NOT_HERE;
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

/**
 * Finds out who opens a connection. A refused one is closed with 4403 and the reason, and so is an
 * open one whose key stops working.
 */
function connector(callers: Callers) {
  return async (extra: SocketExtra, payload: unknown): Promise<boolean> => {
    const { socket, request } = extra;
    const known = await callers(() =>
      socketCredentials(payload, (name) => request.headers[name]?.toString()),
    );
    const close = (reason: string) => socket.close(CloseCode.Forbidden, cutReason(reason));
    if ('refusal' in known) {
      close(known.refusal.message);
      return false;
    }
    const { signal } = known.caller;
    const end = () => close(String(signal.reason));
    signal.addEventListener('abort', end);
    socket.once('close', () => signal.removeEventListener('abort', end));
    extra.caller = known.caller;
    return true;
  };
}

/** The reason of a close frame has at most 123 bytes (RFC 6455, section 5.5). */
function cutReason(text: string): string {
  return Buffer.from(text)
    .subarray(0, 123)
    .toString('utf8')
    .replace(/\ufffd$/, '');
}

/** Closes a socket after its running operations have sent their last message. */
async function sayGoodbye(socket: WebSocket, running: ReadonlySet<Promise<void>>): Promise<void> {
  const gone = new Promise((resolve) => socket.once('close', resolve));
  await Promise.race([Promise.all(running), gone]);
  socket.close(1001, 'Going away');
  await gone;
}

type ProtocolSocket = Parameters<ReturnType<typeof makeServer>['opened']>[0];

/**
 * Adapts a socket to graphql-ws. `running` holds a promise for each message that is being handled.
 */
function adapter(
  socket: WebSocket,
  running: Set<Promise<void>>,
  { logger, awaited }: { readonly logger: Logger; readonly awaited: ReadonlyMap<string, AbortController> },
): ProtocolSocket {
  return {
    protocol: socket.protocol,
    // Resolves when the data was handed to the network. The next result waits for that.
    send(data) {
      if (socket.readyState !== socket.OPEN) return Promise.resolve();
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
        logger.warn({ bufferedBytes: socket.bufferedAmount }, 'A WebSocket client does not read: closed');
        socket.close(TOO_SLOW, 'The client does not read fast enough');
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        socket.send(data, (error) => (error ? reject(error) : resolve()));
      });
    },
    close: (code, reason) => socket.close(code, reason),
    onMessage(handle) {
      socket.on('message', (data: RawData) => {
        const completed = completedId(data);
        if (completed !== null) awaited.get(completed)?.abort();
        // Settles when the operation that the message started has ended.
        const done = handle(String(data)).catch((err: unknown) => {
          // Sending also fails when the client has disconnected. That is not an error.
          if (socket.readyState !== socket.OPEN) return;
          logger.error({ err }, 'A WebSocket message could not be handled');
          socket.close(CloseCode.InternalServerError, 'Internal server error');
        });
        running.add(done);
        void done.then(() => running.delete(done));
      });
    },
  };
}

/** Longer messages do not only complete an operation. */
const LONGEST_COMPLETE = 1_000;

/**
 * The id of the operation that the client completes; null for other messages. graphql-ws ends a
 * subscription then, but has no hook that could end a query.
 */
function completedId(data: RawData): string | null {
  if (!Buffer.isBuffer(data) || data.length > LONGEST_COMPLETE) return null;
  const text = String(data);
  if (!text.includes('"complete"')) return null;
  try {
    const { type, id } = JSON.parse(text) as { type?: unknown; id?: unknown };
    return type === 'complete' && typeof id === 'string' ? id : null;
  } catch {
    // graphql-ws closes the socket of a client that sends no JSON.
    return null;
  }
}

/**
 * Disconnects clients that do not answer pings: those that vanished, and those that do not read
 * their socket.
 */
function keepAlive(socket: WebSocket, everyMs: number): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
  socket.on('pong', () => {
    answered = true;
  });
  socket.once('close', () => clearInterval(timer));
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
