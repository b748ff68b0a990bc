import type { Quotas } from '../core/quotas.ts';
import type { PrismaClient } from '../storage/prisma.ts';
import { hasQuota } from './budgets/quotas-of.ts';
import { createEnd } from './caller.ts';
import { followTable } from './follow-table.ts';
import { PROJECT_DELETED } from './held-projects.ts';
import { type Scope, splitScopes } from './scopes.ts';

/** A key that works now. */
export interface ActiveKey {
  readonly id: string;
  /** Null for all projects. */
  readonly projectId: string | null;
  readonly scopes: ReadonlySet<Scope>;
  readonly trustedDocumentsOnly: boolean;
  /** Aborts when the key stops working, with a sentence as its reason. */
  readonly signal: AbortSignal;
}

/** A key in memory. */
export interface HeldKey extends ActiveKey {
  readonly hash: string;
  readonly digest: Buffer;
  readonly expiresAt: number | null;
  readonly controller: AbortController;
  /** Epoch milliseconds of the last use on this instance. */
  usedAt: number | null;
}

interface StoredKey extends Quotas {
  readonly id: string;
  readonly projectId: string | null;
  readonly hash: string;
  readonly scopes: string;
  readonly trustedDocumentsOnly: boolean;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const REVOKED = 'The API key was revoked.';
const EXPIRED = 'The API key has expired.';

const COLUMNS = {
  id: true,
  projectId: true,
  hash: true,
  scopes: true,
  trustedDocumentsOnly: true,
  expiresAt: true,
  revokedAt: true,
  eventsPerMinute: true,
  eventsPerDay: true,
  queryCostPerMinute: true,
} as const;

export interface HeldKeys {
  readonly byId: ReadonlyMap<string, HeldKey>;
  readonly byHash: ReadonlyMap<string, HeldKey>;
  /** The quotas of the keys that have their own, by key id. */
  readonly ownQuotas: ReadonlyMap<string, Quotas>;
  /** Sees everything that the database contained when it was called. */
  readonly follow: ReturnType<typeof followTable<StoredKey>>;
  /** Ends the keys of other projects. Their rows may stay for a while, so they remain in memory. */
  endOutside(projects: ReadonlyMap<string, unknown>): void;
}

/** The keys that are neither revoked nor expired, as far as an instance knows. */
export function createHeldKeys(prisma: PrismaClient, elapsed: () => number): HeldKeys {
  const byId = new Map<string, HeldKey>();
  const byHash = new Map<string, HeldKey>();
  const ownQuotas = new Map<string, Quotas>();

  function end(key: HeldKey, reason: string): void {
    byId.delete(key.id);
    byHash.delete(key.hash);
    ownQuotas.delete(key.id);
    key.controller.abort(reason);
  }

  function put(stored: StoredKey, time: Date): boolean {
    const held = byId.get(stored.id);
    const isOver = stored.revokedAt !== null || isPast(stored.expiresAt?.getTime() ?? null, time);
    if (held !== undefined && isOver) end(held, stored.revokedAt === null ? EXPIRED : REVOKED);
    if (held !== undefined || isOver) return !isOver;
    const key = hold(stored);
    byId.set(key.id, key);
    byHash.set(key.hash, key);
    if (hasQuota(stored)) ownQuotas.set(key.id, stored);
    return true;
  }

  const follow = followTable<StoredKey>(
    {
      all: ({ after, size: take }) =>
        prisma.apiKey.findMany({
          where: after === null ? {} : { id: { gt: after } },
          orderBy: { id: 'asc' },
          take,
          select: COLUMNS,
        }),
      countActive: (time) => prisma.apiKey.count({ where: activeAt(time) }),
      changed: (since, { after, size: take }) =>
        prisma.apiKey.findMany({
          where: {
            OR: [{ createdAt: { gt: since } }, { revokedAt: { gt: since } }],
            ...(after !== null && { id: { gt: after } }),
          },
          orderBy: { id: 'asc' },
          take,
          select: COLUMNS,
        }),
      keyOf: ({ id }) => id,
      put,
      keep(ids) {
        for (const key of byId.values()) if (!ids.has(key.id)) end(key, REVOKED);
      },
      expire(time) {
        for (const key of byId.values()) if (isPast(key.expiresAt, time)) end(key, EXPIRED);
        return byId.size;
      },
    },
    elapsed,
  );

  return {
    byId,
    byHash,
    ownQuotas,
    follow,
    endOutside(projects) {
      for (const { projectId, controller } of byId.values()) {
        if (projectId !== null && !projects.has(projectId)) controller.abort(PROJECT_DELETED);
      }
    },
  };
}

const isPast = (expiresAt: number | null, time: Date): boolean =>
  expiresAt !== null && expiresAt <= time.getTime();

const activeAt = (time: Date) => ({
  revokedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: time } }],
});

function hold({ id, projectId, hash, scopes, trustedDocumentsOnly, expiresAt }: StoredKey): HeldKey {
  const controller = createEnd();
  return {
    id,
    projectId,
    scopes: new Set(splitScopes(scopes)),
    trustedDocumentsOnly,
    hash,
    digest: Buffer.from(hash, 'hex'),
    expiresAt: expiresAt?.getTime() ?? null,
    controller,
    signal: controller.signal,
    usedAt: null,
  };
}
