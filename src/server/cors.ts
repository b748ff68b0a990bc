import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';

/**
 * Decides which web pages may use the server. The Origin header names the page that makes a browser
 * send a request; other clients do not send it.
 *
 * Pages of the server itself and of configured origins are allowed. All other requests are
 * rejected, not only hidden from the page: otherwise a query would still cost as much, and a
 * WebSocket would stay open.
 */
export interface Cors {
  /** Null if the origin is allowed, or if there is none. */
  check(request: IncomingMessage): Refusal | null;
  /** Adds the headers that make a browser let the page read the answer. */
  allow(request: IncomingMessage, response: ServerResponse): void;
  /** Whether a browser asks for permission to send a request. `answerPreflight` answers it. */
  isPreflight(request: IncomingMessage): boolean;
  answerPreflight(response: ServerResponse): void;
}

/** The headers that a page may send in addition to those that every page may. */
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
/** The answer depends on the origin, even if it is a rejection. */
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

/**
 * Whether the page comes from the host that the request is for. A proxy may have changed the
 * scheme.
 */
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
