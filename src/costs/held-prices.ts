import { isDeepStrictEqual } from 'node:util';
import { followTable } from '../access/follow-table.ts';
import { createFreshReads } from '../access/fresh-reads.ts';
import type { Clock } from '../core/clock.ts';
import { columnOf } from '../core/dataset/table.ts';
import { projectPrices } from '../declarations/llm/project-prices.ts';
import {
  type ContextTiers,
  contextTiers,
  groupTariffs,
  priceKey,
  type Tariffs,
  toTariff,
} from '../prices/price-entry.ts';
import { toUsdPerMillion } from '../prices/rates.ts';
import { PRICE_PARTS, type PricePart, type ServiceTier, type Tariff } from '../prices/tariff.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import { damagedValue } from '../storage/errors.ts';
import type { PrismaClient } from '../storage/prisma.ts';

/**
 * The prices that projects have set, in the memory of an instance: pricing a call costs no
 * statement.
 */
export interface HeldPrices {
  /** Undefined if the project has set none. Changed prices are a different object. */
  ofProject(projectId: string): Tariffs | undefined;
  /**
   * After this, it knows everything that was written before the call. @throws StorageUnavailable
   */
  refresh(): Promise<void>;
  /** Refreshes regularly until the repetition is stopped. */
  run(schedule: Schedule): Repetition;
}

export interface HeldPricesOptions {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: { error(details: object, message: string): void };
}

/** A price set on one instance applies on all within about this time. */
const REFRESH_EVERY_MS = 2_000;

/** The topic for changed prices. */
export const PRICES_CHANGED = 'prices.changed';

/** Opens with the contents of the database. @throws StorageUnavailable */
export async function openHeldPrices({ prisma, clock, log }: HeldPricesOptions): Promise<HeldPrices> {
  const held = new Map<string, HeldPrice>();
  const byProject = new Map<string, Tariffs>();
  const changed = new Set<string>();
  const follow = followPrices(prisma, held, (projectId) => changed.add(projectId));

  /**
   * Prices are few and change rarely, so all prices of a project are grouped again. Until then, its
   * calls get the previously known prices, never those of the price list alone.
   */
  function group(): void {
    for (const projectId of changed) {
      const own = [...held.values()].filter((price) => price.projectId === projectId);
      if (own.length === 0) byProject.delete(projectId);
      else byProject.set(projectId, groupTariffs(own.map(({ key, tariff }) => [key, tariff] as const)));
    }
    changed.clear();
  }

  const refresh = createFreshReads(async () => {
    try {
      await follow(clock.now());
    } finally {
      group();
    }
  });
  await refresh();
  return {
    ofProject: (projectId) => byProject.get(projectId),
    refresh,
    run: (schedule) =>
      schedule.repeat(REFRESH_EVERY_MS, async () => {
        try {
          await refresh();
        } catch (err) {
          log.error({ err }, 'Project prices could not be reloaded; the prices already loaded still apply');
        }
      }),
  };
}

interface HeldPrice {
  readonly projectId: string;
  readonly key: string;
  readonly tariff: Tariff;
}

type StoredPrice = Awaited<ReturnType<PrismaClient['projectPrice']['findMany']>>[number];

/** @param note is called with each project for which something has changed */
function followPrices(
  prisma: PrismaClient,
  held: Map<string, HeldPrice>,
  note: (projectId: string) => void,
): (now: number) => Promise<void> {
  const read = (where: object, take: number) =>
    prisma.projectPrice.findMany({ where, orderBy: { id: 'asc' }, take });
  const beyond = (after: string | null) => (after === null ? {} : { id: { gt: after } });

  return followTable<StoredPrice>(
    {
      all: ({ after, size }) => read(beyond(after), size),
      countActive: () => prisma.projectPrice.count(),
      changed: (since, { after, size }) => read({ updatedAt: { gt: since }, ...beyond(after) }, size),
      keyOf: ({ id }) => id,
      put(stored) {
        const price = { projectId: stored.projectId, ...tariffOf(stored) };
        // Compares contents, not times: the price may have been deleted and set again within one
        // millisecond.
        if (isDeepStrictEqual(held.get(stored.id), price)) return true;
        held.set(stored.id, price);
        note(stored.projectId);
        return true;
      },
      keep(ids) {
        for (const [id, { projectId }] of held) {
          if (ids.has(id)) continue;
          held.delete(id);
          note(projectId);
        }
      },
      expire: () => held.size,
    },
    () => performance.now(),
  );
}

function tariffOf(stored: StoredPrice): Pick<HeldPrice, 'key' | 'tariff'> {
  const amountOf = (name: PricePart | 'perCall') => {
    const value = stored[columnOf(projectPrices, name).prismaName as keyof StoredPrice];
    return typeof value === 'bigint' ? toUsdPerMillion(Number(value)) : undefined;
  };
  const parts = Object.fromEntries(PRICE_PARTS.map((part) => [part, amountOf(part)]));
  return {
    key: priceKey(stored.provider, stored.model, stored.serviceTier as ServiceTier),
    tariff: toTariff({
      ...parts,
      perCall: amountOf('perCall'),
      contextTiers: tiersOf(stored.contextTiers),
      validFrom: stored.validFrom?.getTime(),
      validTo: stored.validTo?.getTime(),
    }),
  };
}

/** @throws StorageUnavailable if they have another form */
function tiersOf(value: unknown): ContextTiers {
  const read = contextTiers.safeParse(value ?? []);
  if (read.success) return read.data;
  throw damagedValue('the context tiers of a price', value);
}
