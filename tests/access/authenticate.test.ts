import { describe, expect, it } from 'vitest';
import { type AccessOptions, createAccess } from '../../src/access/authenticate.ts';
import { createEnd } from '../../src/access/caller.ts';
import { credentialsOf, socketCredentials } from '../../src/access/credentials.ts';
import type { ActiveKey } from '../../src/access/key-ring.ts';
import type { ReadToken } from '../../src/access/read-tokens.ts';
import { SCOPES, type Scope } from '../../src/access/scopes.ts';
import { isOneOf } from '../../src/core/build-filter.ts';

const activeKey = (projectId: string | null, ...scopes: Scope[]): ActiveKey => ({
  id: `the key of ${projectId}`,
  projectId,
  scopes: new Set(scopes),
  trustedDocumentsOnly: projectId === 'shop',
  signal: createEnd().signal,
});

const CREATED_AT = Date.parse('2026-11-22T12:00:00Z');
const SHOP = activeKey('shop', 'READ');
const ALL = activeKey(null, 'ADMIN');

const ROWS = new Map([['llmCalls', isOneOf('endUser', ['ann'])]]);
const tokenOf = (keyId: string | null, projectId: string, end = createEnd()) => ({
  token: {
    projectId,
    projectSince: CREATED_AT,
    keyId,
    rows: ROWS,
    expiresAt: Date.parse('2100-01-01'),
    signal: end.signal,
  },
  end,
});
const tokens = {
  'eyJ.shop.x': tokenOf(SHOP.id, 'shop'),
  'eyJ.all.x': tokenOf(ALL.id, 'default'),
  'eyJ.revoked.x': tokenOf('a key that was revoked', 'shop'),
  'eyJ.open.x': tokenOf(null, 'default'),
  'eyJ.gone.x': tokenOf(ALL.id, 'gone'),
};
const TOKENS = new Map<string, ReadToken>([
  ...Object.entries(tokens).map(([text, { token }]) => [text, token] as const),
  ['eyJ.before.x', { ...tokens['eyJ.all.x'].token, projectSince: CREATED_AT - 1 }],
]);

/** A ring of two keys, and of two projects: a third becomes known by a refresh. */
function accessWith(open: AccessOptions['open'], hasKeys = true) {
  const ends = { default: createEnd(), shop: createEnd(), new: createEnd() };
  const projects = new Map([
    ['default', ends.default.signal],
    ['shop', ends.shop.signal],
  ]);
  const firstKey = createEnd();
  const ring = {
    find: (text: string) => Promise.resolve({ 'key of shop': SHOP, 'key of all': ALL }[text] ?? null),
    findById: (id: string) => Promise.resolve([SHOP, ALL].find((key) => key.id === id) ?? null),
    async findProject(projectId: string) {
      const signal = projects.get(projectId);
      return signal === undefined ? null : { createdAt: CREATED_AT, signal };
    },
    hasKeys,
    firstKey: firstKey.signal,
    projects,
    async refresh() {
      projects.set('new', ends.new.signal);
    },
  };
  const readTokens = { verify: (text: string) => Promise.resolve(TOKENS.get(text) ?? null) };
  return {
    ring,
    ends,
    endKeys: () => firstKey.abort('first'),
    access: createAccess({ ring, readTokens, open }),
  };
}

describe('authentication', () => {
  it.each([
    ['its own project', 'key of shop', null, 'shop', SHOP],
    ['its own project by name', 'key of shop', 'shop', 'shop', SHOP],
    ['the default project, for a key of all', 'key of all', null, 'default', ALL],
    ['any project, for a key of all', 'key of all', 'shop', 'shop', ALL],
    ['a project that another instance has just made', 'key of all', 'new', 'new', ALL],
  ])('opens %s', async (_, key, project, projectId, { id, scopes, projectId: own, trustedDocumentsOnly }) => {
    const { access } = accessWith('NEVER');
    expect(await access.authenticate({ key, project })).toEqual({
      projectId,
      allProjects: own === null,
      scopes,
      trustedDocumentsOnly,
      keyId: id,
      signal: expect.any(AbortSignal),
    });
  });

  it('ends a caller when its key ends, and a caller of all projects also when its project ends', async () => {
    const { access, ends } = accessWith('NEVER');
    const [own, all, other] = [
      await access.authenticate({ key: 'key of shop', project: null }),
      await access.authenticate({ key: 'key of all', project: 'shop' }),
      await access.authenticate({ key: 'key of all', project: null }),
    ];
    expect(own.signal).toBe(SHOP.signal);
    expect((await access.authenticate({ key: 'key of all', project: 'shop' })).signal).toBe(all.signal);
    ends.shop.abort('The project was deleted.');
    expect([all.signal.reason, other.signal.aborted]).toEqual(['The project was deleted.', false]);
  });

  it.each([
    ['no key', null, null, 'UNAUTHENTICATED', /^This server needs an API key\. Send it as "Authorization/],
    ['a wrong key', 'tlt_wrong', null, 'UNAUTHENTICATED', /^The API key is not valid: it is mistyped/],
    ['a foreign project', 'key of shop', 'default', 'FORBIDDEN', /is only for the project "shop"\.$/],
    [
      'a foreign project that does not exist',
      'key of shop',
      'nowhere',
      'FORBIDDEN',
      /only for the project "shop"\.$/,
    ],
    ['no such project', 'key of all', 'nowhere', 'NOT_FOUND', /^There is no project "nowhere"\. `projects`/],
  ])('refuses %s', async (_, key, project, code, message) => {
    const { access } = accessWith('NEVER');
    await expect(access.authenticate({ key, project })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('needs no key on a server for this machine only, until a key exists', async () => {
    const { ring, access, endKeys } = accessWith('UNTIL_FIRST_KEY', false);
    expect(access.isOpen).toBe(true);
    expect(await access.authenticate({ key: null, project: 'shop' })).toEqual({
      projectId: 'shop',
      allProjects: true,
      scopes: new Set(SCOPES),
      keyId: null,
      signal: expect.any(AbortSignal),
    });
    const { signal } = await access.authenticate({ key: null, project: null });
    expect(signal.aborted).toBe(false);
    endKeys();
    expect(signal.reason).toBe('first');
    ring.hasKeys = true;
    expect(access.isOpen).toBe(false);
    await expect(access.authenticate({ key: null, project: null })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it.each([
    ['ALWAYS', true, true],
    ['ALWAYS', false, true],
    ['UNTIL_FIRST_KEY', true, false],
    ['UNTIL_FIRST_KEY', false, true],
    ['NEVER', true, false],
    ['NEVER', false, false],
  ] as const)('%s open, keys: %s. Is it open? %s', async (open, hasKeys, isOpen) => {
    expect(accessWith(open, hasKeys).access.isOpen).toBe(isOpen);
  });

  it('knows the callers with a key on a server that is always open', async () => {
    const { access, ends, endKeys } = accessWith('ALWAYS');
    expect(await access.authenticate({ key: 'key of shop', project: null })).toMatchObject({
      projectId: 'shop',
      allProjects: false,
    });
    const { signal } = await access.authenticate({ key: null, project: null });
    endKeys();
    expect(signal.aborted).toBe(false);
    ends.default.abort('deleted');
    expect(signal.reason).toBe('deleted');
  });

  it('refuses a wrong key on an open server too, because its client believes that keys are checked', async () => {
    for (const { access } of [accessWith('ALWAYS'), accessWith('UNTIL_FIRST_KEY', false)]) {
      await expect(access.authenticate({ key: 'tlt_wrong', project: null })).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
  });
});

describe('a read token', () => {
  const open = (text: string, { access } = accessWith('NEVER'), project: string | null = null) =>
    access.authenticate({ key: text, project });

  it.each([
    ['eyJ.shop.x', 'shop', SHOP],
    ['eyJ.all.x', 'default', ALL],
  ])(
    '%s opens its rows of %s, has no scope, and has the limits of its maker',
    async (text, projectId, maker) => {
      const { id: keyId, trustedDocumentsOnly } = maker;
      const rights = { allProjects: false, scopes: new Set(), trustedDocumentsOnly };
      const expected = { projectId, ...rights, keyId, rows: ROWS };
      expect(await open(text)).toEqual({ ...expected, signal: expect.any(AbortSignal) });
      expect(await open(text, accessWith('ALWAYS'), projectId)).toMatchObject(expected);
    },
  );

  it.each(['eyJ.revoked.x', 'eyJ.gone.x', 'eyJ.before.x', 'eyJ.unknown.x', 'eyJ.open.x'])(
    'is refused: %s',
    async (text) => {
      const refused = {
        code: 'UNAUTHENTICATED',
        message: expect.stringMatching(/^The read token is not valid/),
      };
      await expect(open(text)).rejects.toMatchObject(refused);
    },
  );

  it('opens no other project', async () => {
    const refused = open('eyJ.all.x', accessWith('ALWAYS'), 'shop');
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('ends when it expires, when its project ends and, if it was made without a key, when the first key is made', async () => {
    const { access, ends, endKeys } = accessWith('UNTIL_FIRST_KEY', false);
    const signalOf = async (text: string) => (await access.authenticate({ key: text, project: null })).signal;
    const [own, other, unkeyed] = [
      await signalOf('eyJ.shop.x'),
      await signalOf('eyJ.all.x'),
      await signalOf('eyJ.open.x'),
    ];
    tokens['eyJ.shop.x'].end.abort('expired');
    endKeys();
    expect([own.reason, unkeyed.reason, other.aborted]).toEqual(['expired', 'first', false]);
    ends.default.abort('deleted');
    expect(other.reason).toBe('deleted');
  });

  it('ends when the key that made it ends', async () => {
    const revoked = createEnd();
    const held = accessWith('NEVER');
    held.ring.findById = () => Promise.resolve({ ...ALL, signal: revoked.signal });
    const { signal } = await open('eyJ.all.x', held);
    revoked.abort('The API key was revoked.');
    expect(signal.reason).toBe('The API key was revoked.');
  });
});

describe('credentials', () => {
  const of = (headers: Record<string, string>) => credentialsOf((name) => headers[name]);

  it.each([
    [{}, null, null],
    [{ authorization: 'Bearer tlt_a' }, 'tlt_a', null],
    [{ authorization: 'bearer  tlt_a' }, 'tlt_a', null],
    [{ authorization: 'Basic dXNlcjpwYXNz' }, null, null],
    [{ 'x-api-key': 'tlt_a' }, 'tlt_a', null],
    [{ 'x-api-key': '', 'telltale-project': '' }, null, null],
    [{ authorization: 'Bearer tlt_a', 'x-api-key': 'tlt_a', 'telltale-project': 'shop' }, 'tlt_a', 'shop'],
  ])('are in the headers %j', (headers, key, project) => {
    expect(of(headers)).toEqual({ key, project });
  });

  it('must not contradict each other', () => {
    expect(() => of({ authorization: 'Bearer tlt_a', 'x-api-key': 'tlt_b' })).toThrow(
      'The headers Authorization and X-API-Key contain different keys. Send only one of them.',
    );
  });

  it.each([
    [{ Authorization: 'Bearer tlt_a', 'Telltale-Project': 'shop' }, {}, 'tlt_a', 'shop'],
    [{ headers: { 'X-API-KEY': 'tlt_a' } }, {}, 'tlt_a', null],
    [null, { authorization: 'Bearer tlt_a' }, 'tlt_a', null],
    [undefined, { 'x-api-key': 'tlt_a', 'telltale-project': 'shop' }, 'tlt_a', 'shop'],
    [{ authorization: 'Bearer tlt_a' }, { authorization: 'Bearer tlt_b' }, 'tlt_a', null],
    [{ authorization: 7, headers: 'tlt_a' }, {}, null, null],
    ['tlt_a', {}, null, null],
  ])('of a WebSocket: payload %j, headers %j', (payload, headers: Record<string, string>, key, project) => {
    expect(socketCredentials(payload, (name) => headers[name])).toEqual({ key, project });
  });
});
