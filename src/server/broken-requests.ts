import type { Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';

/** The error code of Node's parser for the first bytes of an HTTP/2 connection. */
const SPEAKS_HTTP2 = 'HPE_PAUSED_H2_UPGRADE';
const STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
/** Senders keep retrying. */
const SAY_EVERY_MS = 60_000;

/**
 * Answers anything that is not an HTTP/1.1 request, as Node does by default, and logs if it was
 * HTTP/2. OTLP over gRPC, the default of many SDKs, uses HTTP/2, and neither side would report the
 * problem otherwise.
 */
export function answerBrokenRequests(server: Server, logger: Logger): void {
  /** Responses that are not written yet: requests may arrive before earlier ones are answered. */
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
    // In the middle of another answer, the client would take it for part of that answer.
    if (socket.writable && !isAnswering)
      socket.write(
        `HTTP/1.1 ${STATUSES[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`,
      );
    socket.destroy(error);
  });
}
