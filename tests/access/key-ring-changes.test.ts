import { expect, it } from 'vitest';
import { digestOfKey } from '../../src/access/key-text.ts';
import type { NewKey } from '../../src/access/keys.ts';
import type { PrismaClient } from '../../src/storage/prisma.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { uuidOf } from '../support/events.ts';
import { NOW, useInstances } from './support/key-rings.ts';

const MINUTE_MS = 60_000;
type StoredKey = Awaited<ReturnType<PrismaClient['apiKey']['findMany']>>[number];

describeEachDatabase('a refresh of the ring of keys', (database) => {
  const open = useInstances(database);

  it.each([-MINUTE_MS, 0, MINUTE_MS])(
    'learns between two refreshes what an instance with a clock %i ms ahead has done',
    async (aheadMs) => {
      const { start, store, clock } = await open();
      const [other, here] = [await start(aheadMs), await start()];
      await other.projects.create({ projectId: 'shop' });
      const make = (key: Partial<NewKey> = {}) =>
        other.keys.create({ projectId: 'default', scopes: ['READ'], ...key });
      const old = {
        revoked: await make(),
        expiring: await make({ expiresAt: new Date(Date.parse(NOW) + 3 * MINUTE_MS) }),
        deleted: await make(),
        ofShop: await make({ projectId: 'shop' }),
        kept: await make(),
      };
      await here.schedule.round();
      const known = Object.values(old).map(({ text }) => here.ring.known(text)?.signal);
      expect(known).not.toContain(undefined);

      await other.keys.revoke(old.revoked.key.id, 'ALL');
      await store.prisma.apiKey.delete({ where: { id: old.deleted.key.id } });
      // As many as were lost, so that the numbers are equal.
      const young = [await make(), await make()];
      const deletingAt = new Date(Date.parse(NOW) + aheadMs);
      await store.prisma.project.update({ where: { projectId: 'shop' }, data: { deletingAt } });
      await other.projects.update('default', { ipAddresses: 'NONE' });
      await here.schedule.round();
      expect(known.map((signal) => signal?.reason)).toEqual([
        'The API key was revoked.',
        undefined,
        'The API key was revoked.',
        'The project was deleted.',
        undefined,
      ]);
      for (const { text } of [old.expiring, old.kept, ...young]) expect(here.ring.known(text)).not.toBeNull();
      for (const { text } of [old.revoked, old.deleted, old.ofShop]) expect(here.ring.known(text)).toBeNull();
      expect([...here.ring.projects.keys()]).toEqual(['default']);
      expect(here.ring.ipAddressesOf('default')).toBe('NONE');

      clock.advance(3 * MINUTE_MS);
      await here.schedule.round();
      expect(known[1]?.reason).toBe('The API key has expired.');
      expect(here.ring.known(old.expiring.text)).toBeNull();
      expect(here.ring.known(old.kept.text)).not.toBeNull();
    },
  );

  it('learns within a minute what a clock that is far behind has hidden', async () => {
    const { start, clock } = await open();
    const [other, here] = [await start(-5 * MINUTE_MS), await start()];
    const old = await other.keys.create({ projectId: 'default', scopes: ['READ'] });
    clock.advance(5 * MINUTE_MS);
    await here.schedule.round();
    const signal = here.ring.known(old.text)?.signal;
    // One was removed and one added, so the number of keys shows nothing.
    await other.keys.revoke(old.key.id, 'ALL');
    const young = await other.keys.create({ projectId: 'default', scopes: ['READ'] });
    await other.projects.update('default', { ipAddresses: 'NONE' });
    await here.schedule.round();
    here.monotonic.now += MINUTE_MS;
    await here.schedule.round();
    expect(signal?.reason).toBe('The API key was revoked.');
    expect(here.ring.known(old.text)).toBeNull();
    expect(here.ring.known(young.text)).not.toBeNull();
    expect(here.ring.ipAddressesOf('default')).toBe('NONE');
  });

  it('reads only what was made or changed lately, and everything when a key is missing', async () => {
    const { start, store, clock } = await open();
    const { ring, keys, keysRead, schedule } = await start();
    const { text } = await keys.create({ projectId: 'default', scopes: ['READ'] });
    const data = (await store.prisma.apiKey.findMany())[0] as StoredKey;
    const others = Array.from({ length: 250 }, (_, at) => ({
      ...data,
      id: uuidOf(at),
      hash: digestOfKey(`${at}`),
    }));
    await store.prisma.apiKey.createMany({ data: others });
    const readBy = async (work: () => Promise<unknown>) => {
      await work();
      const before = keysRead();
      await schedule.round();
      return keysRead() - before;
    };
    expect(await readBy(async () => {})).toBe(251);
    const held = ring.known(text);
    expect(await readBy(async () => clock.advance(3 * MINUTE_MS))).toBe(251);
    expect(await readBy(async () => {})).toBe(0);
    const revoke = (at: number, revokedAt: Date) =>
      store.prisma.apiKey.update({ where: { id: uuidOf(at) }, data: { revokedAt } });
    expect(await readBy(() => revoke(0, new Date(clock.now())))).toBe(1);
    // The time of neither change helps: one row is gone, and the other was revoked by a clock that
    // is far behind.
    expect(await readBy(() => store.prisma.apiKey.delete({ where: { id: uuidOf(1) } }))).toBe(3 + 250);
    expect(await readBy(() => revoke(2, new Date(0)))).toBe(3 + 250);
    expect(ring.known(text)).toBe(held);
  });
});
