import type { LookupAddress } from 'node:dns';
import { lookup as lookupName } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { type AddressSet, isPublicAddress } from '../../core/networks.ts';

/** All addresses of a host: a name, or an address itself. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

export const systemLookup: Lookup = (host) => lookupName(host, { all: true });

/** A host has an address that may not be called. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';

  constructor(address: string, host: string) {
    const whose = address === host ? '' : ` of ${host}`;
    super(`The address ${address}${whose} is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.`);
  }
}

/**
 * How to connect to a host: to the addresses that it has now. The name is looked up once, so what
 * was checked is what is called; a name that leads elsewhere a moment later changes nothing.
 *
 * @throws PrivateAddress when one of them is not public and not allowed.
 */
export async function guardedLookup(
  host: string,
  lookup: Lookup,
  allowed: AddressSet,
): Promise<LookupFunction> {
  const addresses = await lookup(host);
  const refused = addresses.find(({ address }) => !isPublicAddress(address) && !allowed.has(address));
  if (refused !== undefined) throw new PrivateAddress(refused.address, host);
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
