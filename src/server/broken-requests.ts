import type { Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';

/** What Node's parser calls the first bytes of a connection of HTTP/2. */
const SPEAKS_HTTP2 = 'HPE_PAUSED_H2_UPGRADE';
const STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
/** Senders try again and again. */
const SAY_EVERY_MS = 60_000;

/**
 * Answers what is no request of HTTP/1.1, as Node does by itself, and says in the log when somebody speaks
 * HTTP/2: with OTLP by gRPC, which is the default of many SDKs, neither side says anything else.
 */
export function answerBrokenRequests(server: Server, logger: Logger): void {
  /** Those that are not written yet: requests may come before the answers to others. */
  const responses = new WeakMap<Duplex, Set<ServerResponse>>();
  let saidAt = Number.NEGATIVE_INFINITY;

  function sayHttp2(from: string | undefined): void {
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    const message =
      'A client sent HTTP/2, as OTLP over gRPC does, which is not supported. Set ' +
      'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf for it (docs/otlp.md)';
    logger.warn({ from }, message);
  }

  server.prependListener('request', ({ socket }, response) => {
    const open = responses.get(socket) ?? new Set();
    responses.set(socket, open.add(response));
    response.once('finish', () => open.delete(response));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === SPEAKS_HTTP2) sayHttp2(socket instanceof Socket ? socket.remoteAddress : undefined);
    const isAnswering = [...(responses.get(socket) ?? [])].some(
      ({ headersSent, writableFinished }) => headersSent && !writableFinished,
    );
    // In the middle of another answer it would be taken for a part of that.
    if (socket.writable && !isAnswering)
      socket.write(
        `HTTP/1.1 ${STATUSES[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`,
      );
    socket.destroy(error);
  });
}
