import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

/** What may be copied into a log line and a response header as it is. */
const SAFE = /^[\w.:/+=-]{1,128}$/;

/**
 * The id that the client (or a proxy) gave the request, when it is safe to repeat; else a new one.
 */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && SAFE.test(given) ? given : randomUUID();
}
