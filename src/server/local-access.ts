import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../core/networks.ts';
import type { Refusal } from './refusal.ts';

/**
 * A server without keys trusts every client that reaches it, so web pages must not reach it through
 * a visitor's browser. This blocks two ways:
 * - DNS rebinding: the name of the page resolves to 127.0.0.1. The Host header reveals it.
 * - WebSocket: browsers let any page open one to any server. The Origin header reveals it.
 *
 * Plain HTTP needs no further check. Mutations require `content-type: application/json`, which
 * browsers do not send across origins without a preflight, and the server answers no preflight.
 */
export interface LocalAccess {
  /** Null if the request is allowed. */
  check(request: IncomingMessage): Refusal | null;
  checkUpgrade(request: IncomingMessage): Refusal | null;
}

/**
 * If `isLocalOnly` says no (there are keys, or `AUTH=disabled`), any Host is accepted. A WebSocket must still come from
 * a page of the same Host.
 */
export function createLocalAccess(isLocalOnly: () => boolean): LocalAccess {
  let accepted: string | undefined;

  function check(request: IncomingMessage): Refusal | null {
    const { host } = request.headers;
    // A client sends the same header with every request: compare before parsing.
    if (host === accepted || !isLocalOnly()) return null;
    if (host === undefined || !isLoopback(hostname(host))) return foreignHost(host);
    accepted = host;
    return null;
  }

  return {
    check,
    checkUpgrade(request) {
      const { host, origin } = request.headers;
      const refusal = check(request);
      if (refusal !== null || origin === undefined) return refusal;
      return URL.canParse(origin) && new URL(origin).host === host ? null : foreignOrigin(origin);
    },
  };
}

/** `[::1]:4000` → `[::1]`, `localhost:4000` → `localhost`. */
function hostname(host: string): string {
  return host.replace(/:\d+$/, '');
}

function foreignHost(host: string | undefined): Refusal {
  return {
    status: 403,
    code: 'FORBIDDEN',
    message:
      `The request is for the host ${host ?? '(none)'}, but this server has no keys and answers on this machine only. ` +
      'Use localhost or 127.0.0.1, or start the server with AUTH=disabled.',
  };
}

function foreignOrigin(origin: string): Refusal {
  return {
    status: 403,
    code: 'FORBIDDEN',
    message: `A page of ${origin} may not open a WebSocket to this server: only pages of the server itself may.`,
  };
}
