import type { Clock } from '../core/clock.ts';
import { InvalidArgument, TelltaleError } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { PrismaClient } from '../storage/prisma.ts';
import type { KeyRing } from './key-ring.ts';
import { createKeyText, digestOfKey, startOfKey } from './key-text.ts';
import { checkName } from './names.ts';
import { isProjectId } from './projects.ts';
import { joinScopes, type Scope, splitScopes } from './scopes.ts';

/** A key as people see it. */
export interface ApiKey {
  /** UUIDv7. */
  readonly id: string;
  /** Null: all projects. */
  readonly projectId: string | null;
  readonly name: string | null;
  /** The first characters of its text. */
  readonly start: string;
  readonly scopes: readonly Scope[];
  /** It may send trusted documents by their ids, and no others. */
  readonly trustedDocumentsOnly: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** Accurate to a few minutes. */
  readonly lastUsedAt: Date | null;
}

export interface NewKey {
  /** Null: all projects, which needs the scope ADMIN. */
  readonly projectId: string | null;
  readonly scopes: readonly Scope[];
  readonly name?: string | null | undefined;
  readonly trustedDocumentsOnly?: boolean | null | undefined;
  readonly expiresAt?: Date | null | undefined;
}

/** Which keys somebody may see and revoke: those of one project, or all. */
export type KeyRange = { readonly projectId: string } | 'ALL';

/** Creates, lists and revokes API keys. */
export interface Keys {
  /**
   * The text is shown this one time: the database keeps only its hash.
   *
   * @throws InvalidArgument for scopes or a time that make no sense, NOT_FOUND without the project
   */
  create(key: NewKey): Promise<{ readonly key: ApiKey; readonly text: string }>;
  /** The newest first, revoked and expired ones included. */
  list(range: KeyRange): Promise<ApiKey[]>;
  /** A key that was revoked before stays as it is. @throws TelltaleError NOT_FOUND */
  revoke(id: string, range: KeyRange): Promise<ApiKey>;
}

export interface KeysOptions {
  readonly prisma: PrismaClient;
  readonly ring: Pick<KeyRing, 'refresh'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export function createKeys({ prisma, ring, clock, ids }: KeysOptions): Keys {
  return {
    async create(given) {
      check(given, clock.now());
      const { projectId, name = null, expiresAt = null } = given;
      if (projectId !== null) await requireProject(prisma, projectId);
      const text = createKeyText();
      const stored = await prisma.apiKey.create({
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
        },
      });
      await ring.refresh();
      return { key: shown(stored), text };
    },
    async list(range) {
      if (range !== 'ALL' && !isProjectId(range.projectId)) return [];
      const stored = await prisma.apiKey.findMany({
        where: within(range),
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
      return stored.map(shown);
    },
    async revoke(id, range) {
      const where = { ...within(range), id };
      await prisma.apiKey.updateMany({
        where: { ...where, revokedAt: null },
        data: { revokedAt: new Date(clock.now()) },
      });
      const stored = await prisma.apiKey.findFirst({ where });
      if (stored === null) throw new TelltaleError('NOT_FOUND', `There is no API key with the id "${id}".`);
      await ring.refresh();
      return shown(stored);
    },
  };
}

function within(range: KeyRange) {
  return range === 'ALL' ? {} : { projectId: range.projectId };
}

/** A longer lifetime is no lifetime. */
const MAX_LIFETIME_DAYS = 36_500;

function check({ projectId, scopes, name, expiresAt }: NewKey, now: number): void {
  checkName(name, 'input.name');
  if (scopes.length === 0) throw new InvalidArgument('A key needs at least one scope.', 'input.scopes');
  if (projectId === null && !scopes.includes('ADMIN')) {
    throw new InvalidArgument(
      'A key for all projects needs the scope ADMIN. Name a project for other scopes.',
      'input.project',
    );
  }
  if (expiresAt && expiresAt.getTime() <= now) {
    throw new InvalidArgument('The key would have expired already.', 'input.expiresIn');
  }
  if (expiresAt && !(expiresAt.getTime() - now <= MAX_LIFETIME_DAYS * DAY_MS)) {
    throw new InvalidArgument(
      `A key works for P${MAX_LIFETIME_DAYS}D at most. Leave it out: until it is revoked.`,
      'input.expiresIn',
    );
  }
}

async function requireProject(prisma: PrismaClient, projectId: string): Promise<void> {
  const found =
    isProjectId(projectId) && (await prisma.project.findFirst({ where: { projectId, deletingAt: null } }));
  if (!found) throw new TelltaleError('NOT_FOUND', `There is no project "${projectId}".`);
}

type Stored = Awaited<ReturnType<PrismaClient['apiKey']['create']>>;

function shown({ hash: _hash, scopes, ...rest }: Stored): ApiKey {
  return { ...rest, scopes: splitScopes(scopes) };
}
