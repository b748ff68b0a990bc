import { hostname, networkInterfaces } from 'node:os';
import { isLoopback } from '../core/networks.ts';

const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '[::]']);

/**
 * Whether an address leads to one of these ports on this machine, so that the server would send to
 * itself.
 */
export function isOwnAddress(endpoint: string, ports: Iterable<number>): boolean {
  const url = new URL(endpoint);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (![...ports].includes(port)) return false;
  const host = url.hostname;
  if (isLoopback(host) || ALL_ADDRESSES.has(host) || host === hostname()) return true;
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return addresses.some(({ address }) => address === host.replace(/^\[|\]$/g, ''));
}
