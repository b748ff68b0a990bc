import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The IP addresses that start with the same `prefix` bits. A single address is a network too. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** A set of IP addresses. */
export interface AddressSet {
  /**
   * Whether the set contains the address. An IPv4 address in IPv6 form ("::ffff:10.0.0.5") is the
   * same address. False if the text is not an address.
   */
  has(address: string): boolean;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
const PREFIX = /^\d{1,3}$/;

/**
 * Parses "10.0.0.5", "10.0.0.0/8" or "fd00::/8"; null if the text is neither an address nor a
 * network.
 */
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

/** The host of a URL in the form that sockets take: an IPv6 address without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * The IPv6 addresses that can be public: the range that IANA allocates for global unicast, and
 * mapped IPv4. Other "unicast" addresses are obsolete forms of IPv4, or not allocated.
 */
const PUBLIC_IPV6 = createAddressSet([
  { address: '2000::', prefix: 3, family: 'ipv6' },
  { address: '::ffff:0:0', prefix: 96, family: 'ipv6' },
]);

/**
 * Whether an address is public. Not public are addresses of this machine, of private networks,
 * link-local ones (such as a cloud's metadata service), and others that IANA reserves for special
 * purposes. An IPv4 address in IPv6 form ("::ffff:10.0.0.5") is the same address.
 *
 * @throws Error if the text is not an address.
 */
export function isPublicAddress(address: string): boolean {
  if (ipaddr.process(address).range() !== 'unicast') return false;
  return familyOf(address) === 'ipv4' || PUBLIC_IPV6.has(address);
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/** Whether only this machine reaches the host, as an address or a name in HOST or in a URL. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
