import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HeldPrices, openHeldPrices } from '../../src/costs/held-prices.ts';
import type { PrismaClient } from '../../src/storage/prisma.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';

const PRICE = { provider: 'acme', model: 'large' };

describeEachDatabase('the prices that an instance holds', (database) => {
  let graphql: TestGraphQL;
  let held: HeldPrices;
  /** The last statement of a refresh waits for it. */
  let beforeCount: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { prisma } = graphql.services.store;
    const projectPrice = {
      findMany: (asked: object) => prisma.projectPrice.findMany(asked),
      count: () => beforeCount().then(() => prisma.projectPrice.count()),
    };
    held = await openHeldPrices({
      prisma: { projectPrice } as unknown as PrismaClient,
      clock: graphql.clock,
      log: { error: () => undefined },
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const change = (name: 'setPrice' | 'deletePrice', project: string, input: object) => {
    const type = name === 'setPrice' ? 'SetPriceInput' : 'DeletePriceInput';
    const source = `mutation ($input: ${type}!) { ${name}(input: $input) { price { uuid } } }`;
    return graphql.data(source, { input: { ...PRICE, ...input } }, project);
  };
  const pricesOf = (project: string) =>
    [...(held.ofProject(project)?.values() ?? [])].flat().map(({ rates }) => rates);

  it('stay available while they are read again, and are replaced all at once', async () => {
    await change('setPrice', 'mine', { input: 2 });
    await held.refresh();
    const before = pricesOf('mine');
    expect(before).toHaveLength(1);
    await change('setPrice', 'mine', { input: 3 });
    await change('setPrice', 'mine', { input: 4, validFrom: '2026-11-21T00:00:00Z' });
    let open: () => void = () => undefined;
    let refreshed: Promise<void> | undefined;
    await new Promise<void>((reached) => {
      beforeCount = () => {
        reached();
        return new Promise((opened) => {
          open = opened;
        });
      };
      refreshed = held.refresh();
    });
    expect(pricesOf('mine')).toEqual(before);
    beforeCount = async () => undefined;
    open();
    await refreshed;
    expect(pricesOf('mine')).toHaveLength(2);
    expect(pricesOf('mine')).not.toContainEqual(before[0]);

    await change('deletePrice', 'mine', {});
    await change('deletePrice', 'mine', { validFrom: '2026-11-21T00:00:00Z' });
    await held.refresh();
    expect(held.ofProject('mine')).toBeUndefined();
  });

  it('are the latest ones of a millisecond, even if a price was deleted in it', async () => {
    const inputOf = () => pricesOf('quick').map(({ input }) => input);
    const rates: unknown[] = [];
    for (const input of [2, 3]) {
      await change('setPrice', 'quick', { input });
      await held.refresh();
      rates.push(inputOf());
    }
    await change('deletePrice', 'quick', {});
    await change('setPrice', 'quick', { input: 4 });
    await held.refresh();
    rates.push(inputOf());
    expect(rates).toEqual([[2_000_000_000], [3_000_000_000], [4_000_000_000]]);
  });

  it('are the last ones read if the database becomes unavailable', async () => {
    await change('setPrice', 'away', { input: 2 });
    beforeCount = () => Promise.reject(new Error('away'));
    await expect(held.refresh()).rejects.toThrow('away');
    expect(pricesOf('away')).toHaveLength(1);
  });
});
