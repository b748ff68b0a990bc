import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { createAddressSet, type Network } from '../core/networks.ts';

/** The address of the client of a request. Empty if its connection is gone. */
export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** The addresses of an IPv6 network of this size belong to one subscriber (RFC 6177). */
const IPV6_PREFIX = 64;

/**
 * The address that opened the connection. If that is a trusted proxy, the last address in
 * `X-Forwarded-For` that is not one: each proxy appends the address that called it, and anything
 * before may be forged.
 */
export function createClientAddress(trustedProxies: readonly Network[]): ClientAddress {
  const trusted = createAddressSet(trustedProxies);
  return ({ headers, socket }) => {
    let address = socket.remoteAddress ?? '';
    const forwarded = headers['x-forwarded-for'];
    const hops = typeof forwarded === 'string' && trusted.has(address) ? forwarded.split(',') : [];
    while (trusted.has(address)) {
      const next = withoutPort(hops.pop()?.trim() ?? '');
      // A proxy that sends no valid address counts as the client itself.
      if (isIP(next) === 0) break;
      address = next;
    }
    return networkOf(address);
  };
}

/** `[2001:db8::1]:443` → `2001:db8::1`, `192.0.2.1:443` → `192.0.2.1`. */
function withoutPort(text: string): string {
  return text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
}

/** An IPv4 address in IPv6 form equals the plain one; an IPv6 address stands for its network. */
function networkOf(address: string): string {
  if (isIP(address) === 0) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/${IPV6_PREFIX}`)}/${IPV6_PREFIX}`;
}
