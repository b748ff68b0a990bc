import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Ids that are safe to copy into a log line and a response header. */
const SAFE = /^[\w.:/+=-]{1,128}$/;

/**
 * The id that the client or a proxy gave the request, if it is safe to repeat; otherwise a new id.
 */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && SAFE.test(given) ? given : randomUUID();
}
