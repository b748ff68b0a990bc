import { expect, it } from 'vitest';
import { type Network, parseNetwork } from '../../src/core/networks.ts';
import { createClientAddress } from '../../src/server/client-address.ts';

const proxies = ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'].map((text) => parseNetwork(text) as Network);

it.each([
  ['a peer', [], '192.0.2.1', undefined, '192.0.2.1'],
  ['a peer that is not a proxy, whatever it forwards', proxies, '192.0.2.1', '198.51.100.9', '192.0.2.1'],
  ['IPv4 in IPv6 form', [], '::ffff:192.0.2.1', undefined, '192.0.2.1'],
  ['the network of an IPv6 address', [], '2001:db8:1:2:3::9', undefined, '2001:db8:1:2::/64'],
  ['the address that a proxy reports', proxies, '127.0.0.1', '198.51.100.9', '198.51.100.9'],
  ['a proxy in IPv6 form', proxies, '::ffff:127.0.0.1', '198.51.100.9', '198.51.100.9'],
  [
    'the last address that is not a proxy',
    proxies,
    '10.0.0.1',
    '203.0.113.5, 198.51.100.9, 10.9.9.9',
    '198.51.100.9',
  ],
  [
    'no address that the client invented',
    proxies,
    '10.0.0.1',
    '10.1.1.1, 203.0.113.5,198.51.100.9',
    '198.51.100.9',
  ],
  ['an address with a port', proxies, '10.0.0.1', '198.51.100.9:4711', '198.51.100.9'],
  ['an IPv6 address with a port', proxies, 'fd00::1', '[2001:db8::7]:443', '2001:db8::/64'],
  ['the proxy, if it forwards nothing', proxies, '10.0.0.1', undefined, '10.0.0.1'],
  ['the proxy, if it forwards no address', proxies, '10.0.0.1', '198.51.100.9, unknown', '10.0.0.1'],
  ['the farthest proxy, if there is nothing else', proxies, '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ['empty without a connection', proxies, undefined, '198.51.100.9', ''],
])('is %s', (_, trusted, remoteAddress, forwarded, expected) => {
  const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } };
  expect(createClientAddress(trusted)(request as never)).toBe(expected);
});
