import { expect, it } from 'vitest';
import { repositoryName } from '../../../../src/commands/collect/git/repository-name.ts';

it.each<[string | null, string, string]>([
  ['https://github.com/acme/shop.git', '/work/checkout', 'acme/shop'],
  ['https://me:ghp_secret@git.example.com:8443/acme/shop', '/work/x', 'acme/shop'],
  ['git@github.com:acme/shop.git', '/work/x', 'acme/shop'],
  ['github.com:acme/shop.git/', '/work/x', 'acme/shop'],
  ['ssh://git@host:2222/a/b/c.git', '/work/x', 'a/b/c'],
  ['https://host/with%20space/shop.git', '/work/x', 'with space/shop'],
  ['https://host/100%/shop', '/work/x', '100%/shop'],
  ['https://host/', '/work/x', 'x'],
  ['file:///srv/git/other.git', '/work/shop', 'shop'],
  ['/srv/git/other.git', '/work/shop', 'shop'],
  ['../other', '/work/shop', 'shop'],
  ['C:/repos/other', 'C:\\work\\shop', 'shop'],
  [null, '/srv/git/shop.git', 'shop'],
  [null, '/srv/shop/.git', 'shop'],
  [null, '/', '/'],
])('%s in %s is called %s', (remote, folder, name) => {
  expect(repositoryName(remote, folder)).toBe(name);
});
