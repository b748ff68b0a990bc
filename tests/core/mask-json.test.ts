import { expect, test } from 'vitest';
import { maskJson } from '../../src/core/mask-json.ts';
import { word } from './secrets/random-text.ts';

test.each([
  [
    'a text in it',
    { query: 'password=hunter2', n: [1, 'Bearer abcdef0123'] },
    { query: 'password=***', n: [1, 'Bearer ***'] },
  ],
  [
    'values whose names say that they are secret',
    { db_password: 'a b', user: { apiKeys: ['abc', 2] }, credentials: ['x', { id: 'y', pin: 7, on: true }] },
    {
      db_password: '***',
      user: { apiKeys: ['***', '***'] },
      credentials: ['***', { id: '***', pin: '***', on: true }],
    },
  ],
  ['a token', { accessToken: 'a1b2c3', tokens: ['9f8e7d6c'] }, { accessToken: '***', tokens: ['***'] }],
  [
    'numbers whose names say that they are secret',
    { password: 1234, db: { passcode: 7, pass: 'hunter2' }, accessToken: 99, refresh_token: [1] },
    { password: '***', db: { passcode: '***', pass: '***' }, accessToken: '***', refresh_token: ['***'] },
  ],
  [
    'headers',
    { headers: { 'Set-Cookie': ['a=b'], cookie: 'c', 'Proxy-Authorization': 'x' }, cookies: { sid: 'abc' } },
    {
      headers: { 'Set-Cookie': ['***'], cookie: '***', 'Proxy-Authorization': '***' },
      cookies: { sid: '***' },
    },
  ],
  [
    'the key of an account',
    { accountKey: word(44), appKey: 'orders-7', clientKeys: [word(20), 'eu'] },
    { accountKey: '***', appKey: 'orders-7', clientKeys: ['***', 'eu'] },
  ],
  [
    'secrets that are used as names, and keeps each value',
    { [`npm_${word(36)}`]: 1, [`ghp_${word(36)}`]: 2, '***': 3, plain: { [`password=${word(5)}`]: 4 } },
    { '***': 1, '*** (2)': 2, '*** (3)': 3, plain: { 'password=***': 4 } },
  ],
  [
    'a secret on a second line, or behind a control character',
    { a: `line\n${`npm_${word(36)}`}`, b: `\u0001${`ghp_${word(36)}`}`, c: 'password\n= hunter2' },
    { a: 'line\n***', b: '\u0001***', c: 'password\n= ***' },
  ],
  [
    'numbers, except counts',
    { tokens: 512, session_tokens: 3, max_token: 9, pass: 12, key: 7, sort_key: 'name', account_key: 17 },
    undefined,
  ],
  [
    'nothing',
    {
      token_count: 'many',
      stopToken: '</s>',
      pageToken: 'p2',
      secretary: 'Anna',
      url: 'https://example.com/a?b=c',
      n: null,
    },
    undefined,
  ],
])('masks %s in a JSON value', (_, value, masked) => {
  expect(JSON.parse(maskJson(value, JSON.stringify(value)))).toEqual(masked ?? value);
});
