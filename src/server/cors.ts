import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';

/**
 * Decides which web pages may use the server. A browser says with the Origin header which page
 * makes it send a request; other clients do not send one.
 *
 * Pages of the server itself may, and those of configured origins. The requests of all others are
 * refused and not only hidden from them: a query costs as much, and a WebSocket would be open.
 */
export interface Cors {
  /** Null if the origin is allowed, or if there is none. */
  check(request: IncomingMessage): Refusal | null;
  /** Adds the headers by which a browser lets the page read the answer. */
  allow(request: IncomingMessage, response: ServerResponse): void;
  /** Whether a browser asks if it may send a request. `answerPreflight` answers it. */
  isPreflight(request: IncomingMessage): boolean;
  answerPreflight(response: ServerResponse): void;
}

/** What a page may send besides the headers that every page may. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-encoding',
  'content-type',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'telltale-cost',
  'telltale-project',
  'telltale-read-after',
  'x-api-key',
  REQUEST_ID_HEADER,
].join(', ');
const EXPOSED_HEADERS = [REQUEST_ID_HEADER, 'retry-after'].join(', ');
const PREFLIGHT_VALID_SECONDS = '600';
/** The answer depends on the origin, even where it says so by refusing. */
export const VARY = 'origin, sec-fetch-site';

export function createCors(origins: readonly string[]): Cors {
  const listed = new Set(origins);

  return {
    check({ headers: { origin, host } }) {
      if (origin === undefined || listed.has(origin) || isOwn(origin, host)) return null;
      return foreignOrigin(origin);
    },
    allow({ headers: { origin } }, response) {
      response.setHeader('vary', VARY);
      if (origin === undefined || !listed.has(origin)) return;
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
    },
    isPreflight: ({ method, headers }) =>
      method === 'OPTIONS' &&
      headers.origin !== undefined &&
      headers['access-control-request-method'] !== undefined,
    answerPreflight(response) {
      response.writeHead(204, {
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': ALLOWED_HEADERS,
        'access-control-max-age': PREFLIGHT_VALID_SECONDS,
      });
      response.end();
    },
  };
}

/** Whether the page comes from the host that the request is for. A proxy may have changed http(s). */
function isOwn(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

function foreignOrigin(origin: string): Refusal {
  return {
    status: 403,
    code: 'FORBIDDEN',
    message:
      `Pages of ${origin} may not use this server. Pages of the server itself may, and pages of ` +
      'the origins in CORS_ORIGINS.',
    headers: { connection: 'close' },
  };
}
