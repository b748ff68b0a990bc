import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How much of the IP addresses in its events a project stores, with the meaning of each choice. */
export const IP_ADDRESSES = {
  FULL: 'The whole address, as it was sent.',
  TRUNCATED:
    'The network: the first 24 bits of an IPv4 address or the first 48 of an IPv6 address, with ' +
    'the rest as zeros, such as "203.0.113.0". An IPv4 address in IPv6 form counts as IPv4. A ' +
    'value that is not an address becomes null.',
  NONE: 'Nothing: the field is null.',
} as const;

export type IpAddresses = keyof typeof IP_ADDRESSES;

/**
 * The choice that a stored word means. A word of a later version is unknown, so it means the safe
 * choice.
 */
export function toIpAddresses(word: string): IpAddresses {
  return word === 'FULL' || word === 'TRUNCATED' ? word : 'NONE';
}

/**
 * What a project stores of a text that should be an IP address; null: nothing. The network has the
 * size that Google Analytics kept with `anonymizeIp`: it zeroed the last octet of IPv4 and the last
 * 80 bits of IPv6 (https://support.google.com/analytics/answer/2763052).
 */
export function keptAddress(text: string, keep: IpAddresses): string | null {
  if (keep === 'FULL') return text;
  const version = keep === 'NONE' ? 0 : isIP(text);
  if (version === 0) return null;
  return version === 4 ? networkOfIpv4(text) : networkOfIpv6(text);
}

const networkOfIpv4 = (text: string) => `${text.slice(0, text.lastIndexOf('.'))}.0`;

const BYTES_OF_IPV6 = 48 / 8;
/** 6to4 has an IPv4 address in bits 17 to 48 (RFC 3056). Only 24 bits of that stay, too. */
const BYTES_OF_6TO4 = (16 + 24) / 8;

function networkOfIpv6(text: string): string {
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return networkOfIpv4(address.toString());
  const kept = address.range() === '6to4' ? BYTES_OF_6TO4 : BYTES_OF_IPV6;
  const bytes = address.toByteArray().fill(0, kept);
  // An address made from bytes has no zone ("%eth0"), which would name an interface of the sender.
  return new ipaddr.IPv6(bytes).toString();
}
