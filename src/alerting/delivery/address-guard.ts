import type { LookupAddress } from 'node:dns';
import { lookup as lookupName } from 'node:dns/promises';
import type { RequestOptions } from 'node:http';
import type { LookupFunction } from 'node:net';
import { useAgent } from 'request-filtering-agent';
import { type AddressSet, hostOf } from '../../core/networks.ts';

/** All addresses of a host: a name, or an address itself. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

export const systemLookup: Lookup = (host) => lookupName(host, { all: true });

/**
 * How to connect to a URL: to addresses that its host has now, none of which is private, unless it is allowed. The name is looked up
 * once, so what was checked is what is called; a name that leads elsewhere a moment later changes nothing. Proxies are not used.
 */
export async function guardedConnection(
  url: URL,
  lookup: Lookup,
  allowed: AddressSet,
): Promise<Pick<RequestOptions, 'agent' | 'lookup'>> {
  const addresses = await lookup(hostOf(url));
  // Given as single addresses: the agent compares networks with addresses of the other family only with a warning on the console.
  const allowIPAddressList = addresses.map(({ address }) => address).filter((one) => allowed.has(one));
  const agent = useAgent(url.href, { allowIPAddressList, keepAlive: false });
  return { agent, lookup: toNodeLookup(addresses) };
}

function toNodeLookup(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

const REFUSED = /^DNS lookup (\S+?)\(.* is not allowed\./;

/** The address that the agent refused to call; null: something else went wrong. */
export function refusedAddress({ message }: Error): string | null {
  return REFUSED.exec(message)?.[1] ?? null;
}
