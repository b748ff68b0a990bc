import { expect, it } from 'vitest';
import { keptAddress, toIpAddresses } from '../../src/core/ip-addresses.ts';

it.each([
  ['203.0.113.77', '203.0.113.0'],
  ['0.0.0.0', '0.0.0.0'],
  ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::'],
  ['2001:DB8:0:1::1', '2001:db8::'],
  ['::1', '::'],
  ['an interface of the sender', 'fe80::1%eth0', 'fe80::'],
  ['IPv4 in IPv6 form', '::ffff:203.0.113.77', '203.0.113.0'],
  ['the same in hexadecimal digits', '::ffff:cb00:714d', '203.0.113.0'],
  ['IPv4 in an address of 6to4', '2002:cb00:714d::1', '2002:cb00:7100::'],
  ['IPv4 behind NAT64', '64:ff9b::203.0.113.77', '64:ff9b::'],
  ['a port', '203.0.113.77:443', null],
  ['several', '203.0.113.77, 10.0.0.5', null],
  ['a number, which some parsers accept', '3405803853', null],
  ['a short form, which some parsers accept', '203.113', null],
  ['a name', 'ana.example', null],
])('truncates %s', (...row) => {
  const [text, network] = row.slice(-2);
  expect(keptAddress(String(text), 'TRUNCATED')).toBe(network);
});

it('keeps everything unchanged when full, and nothing when none', () => {
  expect(keptAddress('not an address', 'FULL')).toBe('not an address');
  expect(keptAddress('203.0.113.77', 'NONE')).toBeNull();
});

it('keeps nothing for a setting of a later version', () => {
  expect(['FULL', 'TRUNCATED', 'NONE', 'HASHED'].map(toIpAddresses)).toEqual([
    'FULL',
    'TRUNCATED',
    'NONE',
    'NONE',
  ]);
});
