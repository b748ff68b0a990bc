import type { Clock } from '../core/clock.ts';
import type { PrismaClient } from '../storage/prisma.ts';
import type { HeldKey } from './held-keys.ts';

/** The precision of the recorded last use. */
const LAST_USE_EVERY_MS = 60_000;

/**
 * Stores when keys were last used on this instance. A call stores nothing until some time has
 * passed since the last one that did.
 */
export function createLastUses(
  prisma: PrismaClient,
  clock: Clock,
  keys: ReadonlyMap<string, HeldKey>,
): () => Promise<void> {
  let savedAt = clock.now();
  return async () => {
    if (clock.now() - savedAt < LAST_USE_EVERY_MS) return;
    savedAt = clock.now();
    for (const key of keys.values()) {
      if (key.usedAt === null) continue;
      const usedAt = new Date(key.usedAt);
      key.usedAt = null;
      const where = { id: key.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: usedAt } }] };
      await prisma.apiKey.updateMany({ where, data: { lastUsedAt: usedAt } });
    }
  };
}
