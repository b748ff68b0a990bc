import { describe, expect, it } from 'vitest';
import { fingerprint, normalizeMessage } from '../../src/declarations/traffic/fingerprint.ts';

describe('normalizeMessage', () => {
  it.each([
    ["Can't find user, it doesn't exist", "Can't find user, it doesn't exist"],
    [
      "the users' orders weren't found in the shops' list",
      "the users' orders weren't found in the shops' list",
    ],
    ["can't open 'a.txt', it isn't there", "can't open <text>, it isn't there"],
    ["no 'user's name' in (b'ab', u'c')", 'no <text> in (<text>, <text>)'],
    ["key='a' of 'b'", 'key=<text> of <text>'],
    ["l'élève n'a pas d'accès", "l'élève n'a pas d'accès"],
    ['no "user" in `users`', 'no <text> in <text>'],
    ['no “user” in „shops“, «orders», »carts« or ‹a›', 'no <text> in <text>, <text>, <text> or <text>'],
    ['「東京」 is no city of “Japan', '<text> is no city of “Japan'],
    ['can’t open ‘a’s file’, it isn’t in ‚b‘', 'can’t open <text>, it isn’t in <text>'],
    ['’tis the users’ order, but ‘x’ isn’t', '’tis the users’ order, but <text> isn’t'],
    ['hittar inte ’Åsa’ i ”listan” eller »b c»', 'hittar inte <text> i <text> eller <text>'],
    ['’n’ of ’users’: can’t open ’bob’s file’, ’it', '<text> of <text>: can’t open <text>, ’it'],
    [
      '’em, the ’90s and the users’ list: ’s avonds in ’t huis’',
      '’em, the ’<number>s and the users’ list: ’s avonds in ’t huis’',
    ],
    ['Settings » Users » Roles', 'Settings » Users » Roles'],
    ["'no end, the users' list", '<text> list'],
    ["it's 'no end, isn't it?\nit's 'x'", "it's 'no end, isn't it? it's <text>"],
    ['Can’t find user, it doesn’t exist', 'Can’t find user, it doesn’t exist'],
    ['f"id" of 3.5 at 10.0.0.1', 'f<text> of <number> at <ip>'],
  ])('%s', (message, normal) => {
    expect(normalizeMessage(message)).toBe(normal);
  });
});

describe('fingerprint', () => {
  it('distinguishes messages with apostrophes', () => {
    expect(fingerprint('E', "Can't find user, it doesn't exist")).not.toBe(
      fingerprint('E', "Can't delete order, it doesn't exist"),
    );
  });

  it('is the same for any text in quotes', () => {
    expect(fingerprint('E', "Can't find 'ann', it doesn't exist")).toBe(
      fingerprint('E', "Can't find 'bob', it doesn't exist"),
    );
  });
});
