import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../core/networks.ts';
import type { Refusal } from './refusal.ts';

/**
 * A server without keys trusts whoever reaches it, so web pages must not be able to reach it
 * through their visitor's browser. Two ways would be open otherwise:
 * - DNS rebinding: the page's own name is pointed at 127.0.0.1. The Host header gives it away.
 * - WebSocket: browsers let any page open one to anywhere. The Origin header gives it away.
 *
 * Plain HTTP needs nothing more: mutations want `content-type: application/json`, which browsers do
 * not send across origins without a preflight, and the server answers none.
 */
export interface LocalAccess {
  /** Null: the request may go on. */
  check(request: IncomingMessage): Refusal | null;
  checkUpgrade(request: IncomingMessage): Refusal | null;
}

/**
 * `localOnly` false (`AUTH=disabled`): any Host is accepted, a WebSocket must still come from a
 * page of that Host.
 */
export function createLocalAccess(localOnly: boolean): LocalAccess {
  let accepted: string | undefined;

  function check(request: IncomingMessage): Refusal | null {
    const { host } = request.headers;
    // One client sends the same header again and again: compare before parsing.
    if (!localOnly || host === accepted) return null;
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
