import { describe, expect, it, test } from 'vitest';
import {
  createAddressSet,
  isLoopback,
  isPublicAddress,
  type Network,
  parseNetwork,
} from '../../src/core/networks.ts';

const networks = (...texts: string[]) => texts.map((text) => parseNetwork(text) as Network);

describe('parseNetwork', () => {
  it.each([
    ['10.0.0.5', { address: '10.0.0.5', prefix: 32, family: 'ipv4' }],
    ['10.0.0.0/8', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
    ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0, family: 'ipv4' }],
    ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
    ['fd00::/8', { address: 'fd00::', prefix: 8, family: 'ipv6' }],
  ])('reads %s', (text, expected) => {
    expect(parseNetwork(text)).toEqual(expected);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::1/129',
    'fe80::1%eth0',
    'localhost',
    '10.0.0.0-10.0.0.9',
  ])('refuses "%s"', (text) => {
    expect(parseNetwork(text)).toBeNull();
  });
});

test.each([
  ['10.255.0.1', ['10.0.0.0/8'], true],
  ['11.0.0.1', ['10.0.0.0/8'], false],
  ['10.0.0.5', ['10.0.0.5'], true],
  ['10.0.0.6', ['10.0.0.5'], false],
  ['::ffff:10.0.0.5', ['10.0.0.5'], true],
  ['::ffff:a00:5', ['10.0.0.0/8'], true],
  ['0:0:0:0:0:0:0:1', ['::1'], true],
  ['::1', ['10.0.0.0/8'], false],
  ['10.0.0.5', ['fd00::/8'], false],
  ['10.0.0.5', [], false],
  ['example.com', ['0.0.0.0/0'], false],
  ['', ['0.0.0.0/0'], false],
])('%s is one of %j: %s', (address, texts, expected) => {
  expect(createAddressSet(networks(...texts)).has(address)).toBe(expected);
});

test.each([
  ['127.0.0.1', true],
  ['0.0.0.0', true],
  ['10.1.2.3', true],
  ['172.31.255.255', true],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['::', true],
  ['::1', true],
  ['fd12::1', true],
  ['fe80::1', true],
  ['::ffff:192.168.1.1', true],
  // IPv4 in other forms: compatible, translated, 6to4.
  ['::7f00:1', true],
  ['::127.0.0.1', true],
  ['::93.184.215.14', true],
  ['64:ff9b::7f00:1', true],
  ['64:ff9b:1::7f00:1', true],
  ['2002:7f00:1::', true],
  // Unassigned.
  ['1fff:ffff::1', true],
  ['4000::1', true],
  ['fec0::1', true],
  ['172.32.0.1', false],
  ['100.128.0.1', false],
  ['93.184.215.14', false],
  ['::ffff:93.184.215.14', false],
  ['2000::1', false],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', false],
  ['3fff:ffff::1', false],
])('%s is private: %s', (address, expected) => {
  expect(!isPublicAddress(address)).toBe(expected);
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1', '[::1]'])('%s is', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['0.0.0.0', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com', '::'])(
    '%s is not',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
