import { expect, it } from 'vitest';
import { createKeyText, digestOfKey } from '../../src/access/key-text.ts';
import { createKeys } from '../../src/access/keys.ts';
import { createIdSource } from '../../src/core/ids.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { watchWrites } from '../../src/storage/watch-writes.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';
import { NOW, useInstances } from './support/key-rings.ts';

const MINUTE_MS = 60_000;
const FIRST = '"An API key exists now, so this server requires one."';

describeEachDatabase('the ring of keys', (database) => {
  const open = useInstances(database);

  it('finds a key by its text as soon as it was made', async () => {
    const { start, store } = await open();
    const { ring, keys } = await start();
    expect([ring.hasKeys, ring.firstKey.aborted]).toEqual([false, false]);
    const { key, text } = await keys.create({ projectId: 'default', scopes: ['INGEST', 'READ'], name: 'ci' });
    expect(ring.known(text)).toMatchObject({
      id: key.id,
      projectId: 'default',
      scopes: new Set(['READ', 'INGEST']),
      trustedDocumentsOnly: false,
    });
    expect([ring.hasKeys, JSON.stringify(ring.firstKey.reason)]).toEqual([true, FIRST]);
    expect(await ring.find(createKeyText())).toBeNull();
    const stored = JSON.stringify(await store.prisma.apiKey.findMany());
    expect(stored).toContain(digestOfKey(text));
    expect(stored).not.toContain(text.slice(12));
  });

  it('reads nothing for a known key, nor for text that is not a key', async () => {
    const { start } = await open();
    const { ring, keys, reads } = await start();
    const { text } = await keys.create({ projectId: null, scopes: ['ADMIN'] });
    const before = reads();
    expect(await ring.find(text)).not.toBeNull();
    expect(await ring.find('tlt_something')).toBeNull();
    expect(reads()).toBe(before);
  });

  it('reads at most once in 250 ms for unknown keys', async () => {
    const { start } = await open();
    const { ring, reads, monotonic } = await start();
    const ask = () => Promise.all(Array.from({ length: 20 }, () => ring.find(createKeyText())));
    await ask();
    expect(reads()).toBe(2);
    monotonic.now += 249;
    await ask();
    expect(reads()).toBe(2);
    monotonic.now += 1;
    await ask();
    expect(reads()).toBe(3);
  });

  it('knows what was written while an earlier read ran', async () => {
    const { start } = await open();
    const { ring, keys, reads } = await start();
    const earlier = ring.refresh();
    const { text } = await keys.create({ projectId: 'default', scopes: ['READ'] });
    expect(ring.known(text)).not.toBeNull();
    await earlier;
    const before = reads();
    await Promise.all([ring.refresh(), ring.refresh(), ring.refresh()]);
    expect(reads()).toBe(before + 2);
  });

  it('ends a revoked key on every instance, with the reason', async () => {
    const { start } = await open();
    const [one, other] = [await start(), await start()];
    const { key, text } = await one.keys.create({ projectId: 'default', scopes: ['READ'] });
    const [here, there] = [one.ring.known(text), await other.ring.find(text)];
    await one.keys.revoke(key.id, 'ALL');
    expect([one.ring.known(text), here?.signal.reason]).toEqual([null, 'The API key was revoked.']);
    expect(there?.signal.aborted).toBe(false);
    await other.schedule.round();
    expect([other.ring.known(text), there?.signal.reason]).toEqual([null, 'The API key was revoked.']);
    expect(other.schedule.intervals).toEqual([2000, 2000]);
    // That key has closed the server permanently.
    expect((await start()).ring.hasKeys).toBe(true);
  });

  it('ends a key when it expires, and its subscriptions at the next refresh', async () => {
    const { start, clock } = await open();
    const { ring, keys, schedule } = await start();
    const expiresAt = new Date(clock.now() + 1000);
    const { text } = await keys.create({ projectId: 'default', scopes: ['READ'], expiresAt });
    const held = ring.known(text);
    clock.advance(999);
    expect(ring.known(text)).not.toBeNull();
    clock.advance(1);
    expect(ring.known(text)).toBeNull();
    await schedule.round();
    expect(held?.signal.reason).toBe('The API key has expired.');
  });

  it('lets an old and a new key work at the same time', async () => {
    const { start } = await open();
    const { ring, keys } = await start();
    const old = await keys.create({ projectId: 'default', scopes: ['INGEST'], name: 'ci' });
    const held = ring.known(old.text);
    const young = await keys.create({ projectId: 'default', scopes: ['INGEST'], name: 'ci' });
    expect([ring.known(old.text), ring.known(young.text)]).toEqual([held, expect.anything()]);
    await keys.revoke(old.key.id, 'ALL');
    expect([ring.known(old.text), ring.known(young.text)]).toEqual([null, expect.anything()]);
  });

  it('ends the keys of a project that is being deleted, and knows the new ones', async () => {
    const { start, store } = await open();
    const [one, other] = [await start(), await start()];
    await one.projects.create({ projectId: 'shop' });
    const { text } = await one.keys.create({ projectId: 'shop', scopes: ['READ'] });
    const held = await other.ring.find(text);
    expect([...other.ring.projects.keys()].sort()).toEqual(['default', 'shop']);
    const end = other.ring.projects.get('shop');
    await store.prisma.project.update({ where: { projectId: 'shop' }, data: { deletingAt: new Date(NOW) } });
    await other.schedule.round();
    expect([other.ring.known(text), held?.signal.reason]).toEqual([null, 'The project was deleted.']);
    expect([...other.ring.projects.keys()]).toEqual(['default']);
    expect(end?.reason).toBe('The project was deleted.');
  });

  it('knows on every instance how a project stores IP addresses', async () => {
    const { start } = await open();
    const [one, other] = [await start(), await start()];
    await one.projects.create({ projectId: 'shop', ipAddresses: 'TRUNCATED' });
    const known = () => [one, other].map(({ ring }) => ring.ipAddressesOf('shop'));
    expect(known()).toEqual(['TRUNCATED', 'NONE']);
    await other.schedule.round();
    expect(known()).toEqual(['TRUNCATED', 'TRUNCATED']);
    await one.projects.update('shop', { ipAddresses: 'FULL' });
    expect(known()).toEqual(['FULL', 'TRUNCATED']);
    await other.schedule.round();
    expect(known()).toEqual(['FULL', 'FULL']);
  });

  it('saves the last use at most once a minute, and never an earlier one', async () => {
    const { start, clock } = await open();
    const [one, other] = [await start(), await start()];
    const { key, text } = await one.keys.create({ projectId: 'default', scopes: ['READ'] });
    const lastUse = async () => (await one.keys.list('ALL'))[0]?.lastUsedAt?.getTime() ?? null;
    const begin = clock.now();
    await other.ring.find(text);
    clock.advance(MINUTE_MS - 1);
    one.ring.known(text);
    await one.schedule.round();
    expect(await lastUse()).toBeNull();
    clock.advance(1);
    await one.schedule.round();
    expect(await lastUse()).toBe(begin + MINUTE_MS - 1);
    // The other instance has used the key earlier.
    await other.schedule.round();
    expect(await lastUse()).toBe(begin + MINUTE_MS - 1);
    one.ring.known(text);
    await one.schedule.round();
    expect(await lastUse()).toBe(begin + MINUTE_MS - 1);
    expect(key.lastUsedAt).toBeNull();
  });

  it('reads the keys on time even if last uses cannot be saved', async () => {
    const { start, clock } = await open();
    const { ring, keys, schedule, failSavesWith, log } = await start();
    const { text } = await keys.create({ projectId: 'default', scopes: ['READ'] });
    ring.known(text);
    clock.advance(MINUTE_MS);
    const err = new Error('the disk is full');
    failSavesWith(err);
    await schedule.round();
    expect(log).toEqual([{ err }]);
    // A save that waits does not delay a refresh.
    expect(schedule.intervals).toEqual([2000, 2000]);
  });

  it('keeps the known keys while the database does not answer, and reports that', async () => {
    const { start } = await open();
    const { ring, keys, schedule, failWith, log } = await start();
    const { text } = await keys.create({ projectId: 'default', scopes: ['READ'] });
    const err = new Error('the database is away');
    failWith(err);
    await schedule.round();
    expect(log).toEqual([{ err }]);
    expect(await ring.find(text)).not.toBeNull();
    await expect(ring.find(createKeyText())).rejects.toThrow(err);
    failWith(null);
    await schedule.round();
    expect(log).toHaveLength(1);
  });
});

describeEachDatabase('keys', (database) => {
  const open = useInstances(database);

  it('are written by a store that reports failures', async () => {
    const { start, store } = await open();
    const { ring } = await start();
    const full = new StorageUnavailable('no space left', { trouble: 'FULL' });
    const failing = { ...store, transact: () => Promise.reject(full) };
    const { store: watchedStore, failedWrites } = watchWrites(failing, { now: () => 0 });
    const clock = createTestClock(NOW);
    const keys = createKeys({ store: watchedStore, ring, clock, ids: createIdSource(clock) });
    await expect(keys.create({ projectId: 'default', scopes: ['READ'] })).rejects.toThrow(full);
    expect([...failedWrites()]).toEqual([['transact', full]]);
    await expect(keys.revoke('any', 'ALL')).rejects.toThrow(full);
  });

  it.each([
    [{ projectId: 'default', scopes: [] }, 'BAD_USER_INPUT', 'A key needs at least one scope.'],
    [{ projectId: null, scopes: ['READ' as const] }, 'BAD_USER_INPUT', 'needs the scope ADMIN'],
    [
      { projectId: 'default', scopes: ['READ' as const], expiresAt: new Date(NOW) },
      'BAD_USER_INPUT',
      'already have expired',
    ],
    [{ projectId: 'nowhere', scopes: ['READ' as const] }, 'NOT_FOUND', 'There is no project "nowhere".'],
  ])('are refused if they make no sense: %j', async (key, code, message) => {
    const { start } = await open();
    const { ring, keys } = await start();
    await expect(keys.create(key)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect([await keys.list('ALL'), ring.hasKeys]).toEqual([[], false]);
  });

  it('are listed and revoked within one project, the newest first', async () => {
    const { start, clock } = await open();
    const { keys, projects } = await start();
    await projects.create({ projectId: 'shop' });
    const first = await keys.create({ projectId: 'shop', scopes: ['READ'] });
    clock.advance(1);
    const second = await keys.create({ projectId: 'shop', scopes: ['READ'] });
    const ofAll = await keys.create({ projectId: null, scopes: ['ADMIN'] });
    const idsOf = async (range: Parameters<typeof keys.list>[0]) =>
      (await keys.list(range)).map(({ id }) => id);
    expect(await idsOf({ projectId: 'shop' })).toEqual([second.key.id, first.key.id]);
    expect(await idsOf('ALL')).toEqual([ofAll.key.id, second.key.id, first.key.id]);
    await expect(keys.revoke(ofAll.key.id, { projectId: 'shop' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { revokedAt } = await keys.revoke(first.key.id, { projectId: 'shop' });
    clock.advance(1000);
    expect((await keys.revoke(first.key.id, 'ALL')).revokedAt).toEqual(revokedAt);
  });
});

describeEachDatabase('projects', (database) => {
  const open = useInstances(database);

  it('have unique ids that fit into a header and a path', async () => {
    const { start } = await open();
    const { projects, ring } = await start();
    for (const projectId of ['a', 'shop-2', 'x'.repeat(63)]) {
      expect(await projects.create({ projectId })).toMatchObject({ projectId, name: projectId });
      expect(ring.projects.has(projectId)).toBe(true);
    }
    for (const projectId of ['', 'Shop', '-a', 'a-', 'a b', 'ä', '../a', 'x'.repeat(64), 'a\n']) {
      await expect(projects.create({ projectId })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    await expect(projects.create({ projectId: 'default' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
