import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The IP addresses that begin with the same `prefix` bits. A single address is a network of its
 * own.
 */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** IP addresses. */
export interface AddressSet {
  /**
   * Whether it holds the address; one of IPv4 in the form of IPv6 ("::ffff:10.0.0.5") is the same
   * address. False for what is no address.
   */
  has(address: string): boolean;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
const PREFIX = /^\d{1,3}$/;

/** "10.0.0.5", "10.0.0.0/8", "fd00::/8"; null for what is neither an address nor a network. */
export function parseNetwork(text: string): Network | null {
  const [address = '', length, ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === null || address.includes('%') || rest.length > 0) return null;
  if (length === undefined) return { address, prefix: BITS[family], family };
  const prefix = Number(length);
  return PREFIX.test(length) && prefix <= BITS[family] ? { address, prefix, family } : null;
}

export function createAddressSet(networks: readonly Network[]): AddressSet {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return {
    has(address) {
      const family = familyOf(address);
      return family !== null && list.check(address, family);
    },
  };
}

function familyOf(address: string): Network['family'] | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6';
}

/** The host of a URL as sockets take it: an address of IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * What of IPv6 may be of the internet: all that IANA has given to it, and IPv4. Other "unicast" is
 * IPv4 in forms of old, or nobody's.
 */
const PUBLIC_IPV6 = createAddressSet([
  { address: '2000::', prefix: 3, family: 'ipv6' },
  { address: '::ffff:0:0', prefix: 96, family: 'ipv6' },
]);

/**
 * Whether an address is one of the internet: not of this machine, a private network, a single wire
 * (a cloud's metadata service is among them), nor anything else that IANA keeps for special
 * purposes. One of IPv4 in the form of IPv6 ("::ffff:10.0.0.5") is the same address.
 *
 * @throws Error for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (ipaddr.process(address).range() !== 'unicast') return false;
  return familyOf(address) === 'ipv4' || PUBLIC_IPV6.has(address);
}
