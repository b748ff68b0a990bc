import { base64url, decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/access/caller.ts';
import { createReadTokens, MAX_LIFETIME_MS } from '../../src/access/read-tokens.ts';
import { createSigningKeys } from '../../src/access/signing-key.ts';
import { createVerifiedTokens } from '../../src/access/verified-tokens.ts';
import { isOneOf } from '../../src/core/build-filter.ts';
import { createIdSource } from '../../src/core/ids.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';
import { type Instances, NOW, useInstances } from './support/key-rings.ts';

const MAKER = { projectId: 'default', keyId: 'the key of the maker' };
const ANN = { endUser: { eq: 'ann' } };
const WANTED = { datasets: ['llmCalls', 'generations'], filter: ANN, lifetime: 3_600_000 };

const SIGNING_KEY = { id: 'k', secret: new Uint8Array(32) };

/** An instance with its own tokens. */
async function startTokens({ store, clock, start }: Instances) {
  const instance = await start();
  const signingKeys = createSigningKeys({ store, clock, ids: createIdSource(clock) });
  const tokens = createReadTokens({ ring: instance.ring, signingKeys, clock, datasets });
  return { ...instance, signingKeys, tokens };
}

describeEachDatabase('read tokens', (database) => {
  const open = useInstances(database);

  it('are known to all instances, by one key that the first of them makes', async () => {
    const instances = await open();
    const [one, other] = [await startTokens(instances), await startTokens(instances)];
    const made = await Promise.all([one, other].map(({ tokens }) => tokens.create(MAKER, WANTED)));
    expect(await instances.store.prisma.signingKey.count()).toBe(1);
    const filter = isOneOf('endUser', ['ann']);
    for (const { text, expiresAt, datasets: opened } of made) {
      expect(expiresAt).toEqual(new Date(instances.clock.now() + WANTED.lifetime));
      expect(opened).toEqual(WANTED.datasets);
      for (const { tokens } of [one, other]) {
        expect(await tokens.verify(text)).toMatchObject({
          ...MAKER,
          rows: new Map(WANTED.datasets.map((name) => [name, filter])),
          signal: { aborted: false },
        });
      }
    }
    const reads = one.reads();
    for (const { text } of made) await one.tokens.verify(text);
    expect(one.reads(), 'a check takes no statement').toBe(reads);
  });

  it('are refused when they were changed or signed by others', async () => {
    const { tokens, signingKeys } = await startTokens(await open());
    const { text } = await tokens.create(MAKER, WANTED);
    const [header = '', payload = '', signature = ''] = text.split('.');
    const key = await signingKeys.current();
    const encode = (value: object) => base64url.encode(JSON.stringify(value));
    const claims = decodeJwt(text);
    const changed = (changes: object) => encode({ ...claims, ...changes });
    const sign = (changes: object, secret = key.secret, alg = 'HS256') =>
      new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg, kid: key.id }).sign(secret);
    expect(await tokens.verify(await sign({})), 'only the changes matter').not.toBeNull();
    const refused = {
      'another signature': `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      'no signature': `${header}.${payload}.`,
      'alg none': `${encode({ ...decodeProtectedHeader(text), alg: 'none' })}.${payload}.`,
      'another algorithm': await sign({}, key.secret, 'HS384'),
      'another secret': await sign({}, new Uint8Array(32)),
      'an unknown key': `${encode({ alg: 'HS256', kid: 'unknown' })}.${payload}.${signature}`,
      'more datasets': `${header}.${changed({ datasets: ['llmCalls', 'errorLogs'] })}.${signature}`,
      'another filter': `${header}.${changed({ filter: { endUser: { eq: 'bob' } } })}.${signature}`,
      'another project': `${header}.${changed({ project: 'shop' })}.${signature}`,
      'a longer life': `${header}.${changed({ exp: Number(claims.exp) + 1 })}.${signature}`,
      'a life that a clock which was ahead gave it': await sign({
        exp: Math.floor(Date.parse(NOW) / 1000) + 2 * (MAX_LIFETIME_MS / 1000),
      }),
      'another issuer': await sign({ iss: 'somebody' }),
      'another audience': await sign({ aud: 'write' }),
      'no expiry': await sign({ exp: undefined }),
      'a dataset that is gone': await sign({ datasets: ['removed'] }),
      'no datasets': await sign({ datasets: [] }),
      'a filter that takes all': await sign({ filter: {} }),
      'a column that is gone': await sign({ filter: { removed: { eq: 1 } } }),
      'no JSON': `${header}.${base64url.encode('x')}.${signature}`,
      'too long': `${header}.${payload}.${signature}${'A'.repeat(8_192)}`,
    };
    for (const [what, forged] of Object.entries(refused)) {
      expect(await tokens.verify(forged), what).toBeNull();
    }
  });

  it('end when they expire, together with what they opened', async () => {
    const instances = await open();
    const { tokens, schedule } = await startTokens(instances);
    const sweep = tokens.run(schedule);
    const { text } = await tokens.create(MAKER, { ...WANTED, lifetime: 60_000 });
    const longer = await tokens.create(MAKER, WANTED);
    const signals = [(await tokens.verify(text))?.signal, (await tokens.verify(longer.text))?.signal];
    instances.clock.advance(59_999);
    await schedule.round();
    expect(await tokens.verify(text)).not.toBeNull();
    expect(signals[0]?.aborted).toBe(false);
    instances.clock.advance(1);
    await schedule.round();
    expect(await tokens.verify(text)).toBeNull();
    expect(signals.map((signal) => signal?.reason)).toEqual(['The read token has expired.', undefined]);
    await sweep.stop();
  });

  it('are verified once, and again when their signing key or the clock has changed', async () => {
    const { store, clock, start } = await open();
    const { ring } = await start();
    const asked: string[] = [];
    const findSigningKey = (id: string) => {
      asked.push(id);
      return ring.findSigningKey(id);
    };
    const signingKeys = createSigningKeys({ store, clock, ids: createIdSource(clock) });
    const tokens = createReadTokens({ ring: { ...ring, findSigningKey }, signingKeys, clock, datasets });
    const { text } = await tokens.create(MAKER, { ...WANTED, lifetime: MAX_LIFETIME_MS });
    asked.length = 0;
    const first = await tokens.verify(text);
    expect(await tokens.verify(text)).toBe(first);
    expect(await tokens.verify(`${text.slice(0, -4)}AAAA`)).toBeNull();
    expect(asked, 'the token once, and the changed one').toHaveLength(2);
    // The clock was ahead when the token was created.
    clock.advance(-MAX_LIFETIME_MS);
    expect(await tokens.verify(text)).toBeNull();
    clock.advance(MAX_LIFETIME_MS);
    expect(await tokens.verify(text)).toBe(first);
    // Another instance ends all tokens.
    await signingKeys.replace();
    await ring.refresh();
    expect(await tokens.verify(text)).toBeNull();
    expect(asked).toHaveLength(3);
    clock.advance(MAX_LIFETIME_MS);
    expect(await tokens.verify(text)).toBeNull();
  });

  it('all end when the signing key is replaced', async () => {
    const instances = await open();
    const [one, other] = [await startTokens(instances), await startTokens(instances)];
    const { text } = await one.tokens.create(MAKER, WANTED);
    const opened = await other.tokens.verify(text);
    await one.tokens.endAll();
    expect(await one.tokens.verify(text)).toBeNull();
    await other.schedule.round();
    expect(opened?.signal.reason).toBe('All read tokens were ended.');
    expect(await other.tokens.verify(text)).toBeNull();
    const { text: next } = await other.tokens.create(MAKER, WANTED);
    expect(await other.tokens.verify(next)).not.toBeNull();
  });
});

/** Tokens without a database. */
const alone = createReadTokens({
  ring: {
    findSigningKey: () => Promise.resolve({ ...SIGNING_KEY, signal: NEVER }),
    findProject: () => Promise.resolve({ createdAt: 0, signal: NEVER }),
    refresh: () => Promise.resolve(),
  },
  signingKeys: { current: () => Promise.resolve(SIGNING_KEY), replace: () => Promise.resolve() },
  clock: createTestClock(NOW),
  datasets,
});

describe('read tokens', () => {
  it.each([
    [{ datasets: [] }, 'input.datasets', /^Name at least one dataset/],
    [
      { datasets: ['llmCalls', 'calls'] },
      'input.datasets.1',
      /^There is no dataset "calls"\. There are requestLogs,/,
    ],
    [{ filter: {} }, 'input.filter', /^The filter matches every row, so it restricts nothing/],
    [{ filter: { and: [] } }, 'input.filter', /restricts nothing/],
    [{ filter: null }, 'input.filter', /restricts nothing/],
    [
      { filter: 'endUser' },
      'input.filter',
      /^This filter is not valid for llmCalls\. input\.filter takes an object/,
    ],
    [
      { filter: { user: { eq: 1 } } },
      'input.filter.user',
      /not valid for llmCalls\. .* no field user to filter by/,
    ],
    [
      { datasets: ['llmCalls', 'gitCommits'] },
      'input.filter.endUser',
      /^This filter is not valid for gitCommits\. There is no field endUser/,
    ],
    [{ filter: { endUser: { eq: 7 } } }, 'input.filter.endUser.eq', /takes text/],
    [{ filter: { endUser: { in: longList() } } }, 'input.filter', /at most 8192 characters/],
    [{ lifetime: 0 }, 'input.expiresIn', /one second \("PT1S"\) to one day/],
    [{ lifetime: MAX_LIFETIME_MS + 1 }, 'input.expiresIn', /one day \("PT24H"\)/],
    [{ lifetime: Number.NaN }, 'input.expiresIn', /one day/],
  ])('are not made of %j', async (changes, argument, message) => {
    await expect(alone.create(MAKER, { ...WANTED, ...changes })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
      details: { argument },
    });
  });
});

describe('verified tokens', () => {
  it('are limited by their total characters, and the most recently used stay', () => {
    const tokens = createVerifiedTokens();
    const textOf = (number: number) => `${number}`.padEnd(8_192, '.');
    const token = { expiresAt: 1, signal: NEVER };
    for (let number = 0; number < 512; number++) tokens.add(textOf(number), token);
    expect(tokens.find(textOf(0), 0)).toBe(token);
    tokens.add(textOf(512), token);
    expect([0, 1, 2, 512].map((number) => tokens.find(textOf(number), 0) !== null)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(tokens.find(textOf(0), 1)).toBeNull();
  });
});

function longList(): string[] {
  return Array.from({ length: 1000 }, (_, index) => `customer-${index}`);
}
