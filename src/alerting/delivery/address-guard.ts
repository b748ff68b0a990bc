import type { LookupAddress } from 'node:dns';
import { lookup as lookupName } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { type AddressSet, isPublicAddress } from '../../core/networks.ts';

/** Resolves all addresses of a host, which is a name or an address. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

export const systemLookup: Lookup = (host) => lookupName(host, { all: true });

/** A host has an address that must not be called. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';

  constructor(address: string, host: string) {
    const whose = address === host ? '' : ` of ${host}`;
    super(`The address ${address}${whose} is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.`);
  }
}

/**
 * Resolves the addresses to use for a connection to a host. The name is resolved once, so the
 * checked addresses are the ones that are called, even if the name resolves to others a moment
 * later.
 *
 * @throws PrivateAddress if one of them is neither public nor allowed.
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
