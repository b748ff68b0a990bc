import { checkBetween } from '../core/check-between.ts';
import type { Clock } from '../core/clock.ts';
import { InvalidArgument, TelltaleError } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import { MAX_QUOTA, QUOTA_NAMES, type QuotaName, type Quotas } from '../core/quotas.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { PrismaClient, PrismaTransaction } from '../storage/prisma.ts';
import type { Store } from '../storage/store.ts';
import type { KeyRing } from './key-ring.ts';
import { createKeyText, digestOfKey, startOfKey } from './key-text.ts';
import { type KeyedPart, readingPart } from './keyed-part.ts';
import { checkName } from './names.ts';
import { isProjectId } from './projects.ts';
import { joinScopes, type Scope, splitScopes } from './scopes.ts';

/** A key as people see it. If a quota is null, the default of the server applies. */
export interface ApiKey extends Quotas {
  /** UUIDv7. */
  readonly id: string;
  /** Null for all projects. */
  readonly projectId: string | null;
  readonly name: string | null;
  /** The first characters of its text. */
  readonly start: string;
  readonly scopes: readonly Scope[];
  /** Whether it may send only trusted documents, by id. */
  readonly trustedDocumentsOnly: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** Accurate to a few minutes. */
  readonly lastUsedAt: Date | null;
}

export interface NewKey {
  /** Null for all projects, which requires the scope ADMIN. */
  readonly projectId: string | null;
  readonly scopes: readonly Scope[];
  readonly name?: string | null | undefined;
  readonly trustedDocumentsOnly?: boolean | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  /** Only the given quotas are set. */
  readonly quotas?: { readonly [Name in QuotaName]?: number | null | undefined } | undefined;
}

/** Which keys a caller may see and revoke: those of one project, or all. */
export type KeyRange = { readonly projectId: string } | 'ALL';

/** Creates, lists and revokes API keys. */
export interface Keys {
  /**
   * The text is shown only this once: the database stores only its hash.
   *
   * @throws InvalidArgument for scopes or a time that make no sense, NOT_FOUND for an unknown
   *   project, CONFLICT if the project has the maximum number of active keys
   */
  create(key: NewKey): Promise<{ readonly key: ApiKey; readonly text: string }>;
  /** The newest first, including revoked and expired ones. */
  list(range: KeyRange): Promise<ApiKey[]>;
  /** A part of the same list. Keys of the same millisecond are in no particular order. */
  part(range: KeyRange, part: KeyedPart): Promise<ApiKey[]>;
  count(range: KeyRange): Promise<number>;
  /** Null if there is none with this id. */
  get(id: string): Promise<ApiKey | null>;
  /** A key that is already revoked stays as it is. @throws TelltaleError NOT_FOUND */
  revoke(id: string, range: KeyRange): Promise<ApiKey>;
}

export interface KeysOptions {
  readonly store: Pick<Store, 'prisma' | 'transact'>;
  readonly ring: Pick<KeyRing, 'refresh'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** How many keys may be active at a time, per project, and for all projects. Default: 100. */
  readonly maxKeys?: number;
}

/** The key of `transact`. Its writes are monitored, so that `/readyz` reports when they fail. */
const TURN = 'api-keys';

export function createKeys({ store, ring, clock, ids, maxKeys = 100 }: KeysOptions): Keys {
  const { prisma } = store;

  return {
    async create(given) {
      check(given, clock.now());
      const { projectId, name = null, expiresAt = null, quotas } = given;
      if (projectId !== null) await requireProject(prisma, projectId);
      const text = createKeyText();
      const stored = await store.transact(TURN, async (transaction) => {
        await requireRoom(transaction, { projectId, maxKeys, now: new Date(clock.now()) });
        return transaction.apiKey.create({
          data: {
            id: ids.next(),
            projectId,
            name,
            start: startOfKey(text),
            hash: digestOfKey(text),
            scopes: joinScopes(given.scopes),
            trustedDocumentsOnly: given.trustedDocumentsOnly ?? false,
            createdAt: new Date(clock.now()),
            expiresAt,
            eventsPerMinute: quotas?.eventsPerMinute ?? null,
            eventsPerDay: quotas?.eventsPerDay ?? null,
            queryCostPerMinute: quotas?.queryCostPerMinute ?? null,
          },
        });
      });
      await ring.refresh();
      return { key: shown(stored), text };
    },
    async list(range) {
      if (isEmpty(range)) return [];
      const stored = await prisma.apiKey.findMany({
        where: within(range),
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
      return stored.map(shown);
    },
    async part(range, part) {
      if (isEmpty(range)) return [];
      const { where, ...how } = readingPart('id', 'desc', part);
      return (await prisma.apiKey.findMany({ where: { ...within(range), ...where }, ...how })).map(shown);
    },
    count: async (range) => (isEmpty(range) ? 0 : prisma.apiKey.count({ where: within(range) })),
    async get(id) {
      const stored = await prisma.apiKey.findUnique({ where: { id } });
      return stored && shown(stored);
    },
    async revoke(id, range) {
      const where = { ...within(range), id };
      await store.transact(TURN, (transaction) =>
        transaction.apiKey.updateMany({
          where: { ...where, revokedAt: null },
          data: { revokedAt: new Date(clock.now()) },
        }),
      );
      const stored = await prisma.apiKey.findFirst({ where });
      if (stored === null) throw new TelltaleError('NOT_FOUND', `There is no API key with the id "${id}".`);
      await ring.refresh();
      return shown(stored);
    },
  };
}

/** Whether no project can have this id: PostgreSQL rejects queries for some of them. */
const isEmpty = (range: KeyRange) => range !== 'ALL' && !isProjectId(range.projectId);

function within(range: KeyRange) {
  return range === 'ALL' ? {} : { projectId: range.projectId };
}

/** A longer lifetime would be meaningless. */
const MAX_LIFETIME_DAYS = 36_500;

function check({ projectId, scopes, name, expiresAt, quotas }: NewKey, now: number): void {
  checkName(name, 'input.name');
  for (const quota of QUOTA_NAMES) checkBetween(quotas?.[quota] ?? 1, MAX_QUOTA, `input.${quota}`);
  if (scopes.length === 0) throw new InvalidArgument('A key needs at least one scope.', 'input.scopes');
  if (projectId === null && !scopes.includes('ADMIN')) {
    throw new InvalidArgument(
      'A key for all projects needs the scope ADMIN. Name a project for other scopes.',
      'input.project',
    );
  }
  if (expiresAt && expiresAt.getTime() <= now) {
    throw new InvalidArgument('The key would already have expired.', 'input.expiresIn');
  }
  if (expiresAt && !(expiresAt.getTime() - now <= MAX_LIFETIME_DAYS * DAY_MS)) {
    throw new InvalidArgument(
      `A key can work for at most P${MAX_LIFETIME_DAYS}D. Omit the duration for a key that works ` +
        'until it is revoked.',
      'input.expiresIn',
    );
  }
}

async function requireProject(prisma: PrismaClient, projectId: string): Promise<void> {
  const found =
    isProjectId(projectId) && (await prisma.project.findFirst({ where: { projectId, deletingAt: null } }));
  if (!found) throw new TelltaleError('NOT_FOUND', `There is no project "${projectId}".`);
}

interface Room {
  readonly projectId: string | null;
  readonly maxKeys: number;
  readonly now: Date;
}

/**
 * Every instance keeps all active keys in memory, so there is a limit. Keys are created one after
 * the other, so that concurrent requests do not exceed it.
 */
async function requireRoom(
  prisma: Pick<PrismaTransaction, 'apiKey'>,
  { projectId, maxKeys, now }: Room,
): Promise<void> {
  const where = { projectId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  if ((await prisma.apiKey.count({ where })) < maxKeys) return;
  const [idle] = await prisma.apiKey.findMany({
    where,
    orderBy: [{ lastUsedAt: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    take: 1,
  });
  const whose = projectId === null ? 'for all projects' : `of the project "${projectId}"`;
  const use = idle?.lastUsedAt ? `last used ${idle.lastUsedAt.toISOString()}` : 'never used';
  throw new TelltaleError(
    'CONFLICT',
    `There are already ${maxKeys} active API keys ${whose}, the maximum (MAX_KEYS_PER_PROJECT). ` +
      `Revoke one first, such as ${idle?.id} (${idle?.start}…, ${use}).`,
    { argument: 'input.project' },
  );
}

type Stored = Awaited<ReturnType<PrismaClient['apiKey']['create']>>;

function shown({ hash: _hash, scopes, ...rest }: Stored): ApiKey {
  return { ...rest, scopes: splitScopes(scopes) };
}
