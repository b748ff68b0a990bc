import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../core/networks.ts';
import type { Refusal } from './refusal.ts';

/**
 * A server without keys trusts every client that reaches it, so web pages must not reach it through
 * a visitor's browser. This blocks DNS rebinding, where the name of the page resolves to 127.0.0.1,
 * so that the page and the server have the same origin. The Host header reveals it. `Cors` blocks
 * pages of other origins.
 */
export interface LocalAccess {
  /** Null if the request is allowed. */
  check(request: IncomingMessage): Refusal | null;
}

export interface LocalAccessOptions {
  /**
   * If false, because there are keys or because others can reach the address, any Host is accepted.
   */
  readonly isLocalOnly: () => boolean;
  /** Origins whose hosts are accepted as well: a proxy in front of the server forwards them. */
  readonly origins: readonly string[];
}

export function createLocalAccess({ isLocalOnly, origins }: LocalAccessOptions): LocalAccess {
  const hosts = new Set(origins.map((origin) => new URL(origin).host));
  let accepted: string | undefined;

  function check(request: IncomingMessage): Refusal | null {
    const { host } = request.headers;
    // A client sends the same header with every request, so it is compared before it is parsed.
    if (!isLocalOnly() || (accepted !== undefined && host === accepted)) return null;
    if (host === undefined || !(isLoopback(hostname(host)) || hosts.has(host))) return foreignHost(host);
    accepted = host;
    return null;
  }

  return { check };
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
      `The request is for the host ${host ?? '(none)'}, but this server requires no keys and ` +
      'answers only this machine. Use localhost or 127.0.0.1, create a key, or list the origin in ' +
      'CORS_ORIGINS.',
  };
}
