import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { IpAddresses } from '../core/ip-addresses.ts';
import type { Quotas } from '../core/quotas.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { PrismaClient } from '../storage/prisma.ts';
import { createEnd } from './caller.ts';
import { createFreshFinds } from './fresh-finds.ts';
import { createFreshReads } from './fresh-reads.ts';
import { type ActiveKey, createHeldKeys, type HeldKey } from './held-keys.ts';
import { createHeldProjects, type KnownProject } from './held-projects.ts';
import { digestOfKey, hasKeyForm, isKeyText } from './key-text.ts';
import { createLastUses } from './last-uses.ts';
import { createHeldSigningKey, READ_TOKENS, type SigningKey } from './signing-key.ts';

export type { ActiveKey };

/**
 * The keys and projects of the database, in memory, so that checking a known key costs no
 * statement. Every instance reads changes every two seconds, so a revoked key stops working
 * everywhere within about that time.
 */
export interface KeyRing {
  /** The active key with this text. For unknown keys, queries the database at a limited rate. */
  find(text: string): Promise<ActiveKey | null>;
  /** The active key with this text as of the last refresh. */
  known(text: string): ActiveKey | null;
  /** The active key with this id. Queries the database as `find` does. */
  findById(id: string): Promise<ActiveKey | null>;
  /** The key that signs read tokens, if it has this id. Queries the database as `find` does. */
  findSigningKey(id: string): Promise<SigningKey | null>;
  /** Whether any key was ever created, including keys revoked since. */
  readonly hasKeys: boolean;
  /** Aborts when the first key is created, with a sentence as its reason. */
  readonly firstKey: AbortSignal;
  /**
   * The projects that are not being deleted: for each id a signal that aborts when it is, with a
   * sentence as its reason.
   */
  readonly projects: ReadonlyMap<string, AbortSignal>;
  /** The project with this id. Queries the database as `find` does. */
  findProject(projectId: string): Promise<KnownProject | null>;
  /** The quotas of the keys that have their own, by key id. */
  readonly ownQuotas: ReadonlyMap<string, Quotas>;
  /**
   * How much of the IP addresses in its events a project stores; nothing for an unknown project.
   */
  ipAddressesOf(projectId: string): IpAddresses;
  /**
   * After this, the ring knows everything that was written before the call. @throws
   * StorageUnavailable
   */
  refresh(): Promise<void>;
  /** Refreshes regularly until the repetition is stopped. */
  run(schedule: Schedule): Repetition;
}

export interface KeyRingOptions {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: { error(details: object, message: string): void };
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

const REFRESH_EVERY_MS = 2_000;

const NOT_READ = 'API keys could not be reloaded; the keys already loaded still work';
const NOT_SAVED = 'The last-used times of API keys could not be stored';

/** The topic for changes of keys, read tokens or projects. */
export const ACCESS_CHANGED = 'access.changed';

/** Opens the ring with the contents of the database. @throws StorageUnavailable */
export async function createKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { prisma, clock, log, now = () => performance.now() } = options;
  const held = createHeldKeys(prisma, now);
  const projects = createHeldProjects(prisma, now);
  const signing = createHeldSigningKey();
  let hasKeys = false;
  const firstKey = createEnd();

  async function read(): Promise<void> {
    const time = clock.now();
    // One after the other, so that if one read fails, the other does not continue beside the next
    // refresh. Projects come after keys: a project that is missing then is being deleted.
    await held.follow(time);
    await projects.follow(time);
    const any = hasKeys || (await prisma.apiKey.findFirst({ select: { id: true } }));
    const signingKey = await prisma.signingKey.findUnique({ where: { purpose: READ_TOKENS } });
    held.endOutside(projects.ends);
    signing.replace(signingKey);
    hasKeys = Boolean(any);
    if (hasKeys) firstKey.abort('An API key exists now, so this server requires one.');
  }

  const refresh = createFreshReads(read);
  const findFresh = createFreshFinds(refresh, now);
  const saveUse = createLastUses(prisma, clock, held.byId);

  function known(text: string): ActiveKey | null {
    if (!hasKeyForm(text)) return null;
    const hash = digestOfKey(text);
    const key = held.byHash.get(hash);
    // The map finds the key by a digest, so the time it takes reveals nothing to a caller. The
    // comparison of the whole digest takes constant time as well.
    if (key === undefined || !timingSafeEqual(key.digest, Buffer.from(hash, 'hex'))) return null;
    if (isOver(key)) return null;
    key.usedAt = clock.now();
    return key;
  }

  function knownById(id: string): ActiveKey | null {
    const key = held.byId.get(id);
    return key === undefined || isOver(key) ? null : key;
  }

  const isOver = ({ expiresAt, signal }: HeldKey) =>
    signal.aborted || (expiresAt !== null && expiresAt <= clock.now());

  await read();
  return {
    known,
    // The checksum keeps texts that cannot be keys away from the database.
    find: async (text) => known(text) ?? (isKeyText(text) ? findFresh(() => known(text)) : null),
    findById: (id) => findFresh(() => knownById(id)),
    findSigningKey: (id) => findFresh(() => signing.known(id)),
    get hasKeys() {
      return hasKeys;
    },
    firstKey: firstKey.signal,
    get projects() {
      return projects.ends;
    },
    findProject: (projectId) => findFresh(() => projects.known(projectId)),
    ownQuotas: held.ownQuotas,
    ipAddressesOf: projects.ipAddressesOf,
    refresh,
    run: (schedule) => keepFresh(schedule, { refresh, saveUse, log }),
  };
}

interface Upkeep extends Pick<KeyRingOptions, 'log'> {
  refresh(): Promise<void>;
  saveUse(): Promise<void>;
}

/** Two repetitions: a write may wait for long, but revoked keys must not. */
function keepFresh(schedule: Schedule, { refresh, saveUse, log }: Upkeep): Repetition {
  const attempt = (work: () => Promise<void>, problem: string) => async () => {
    try {
      await work();
    } catch (err) {
      log.error({ err }, problem);
    }
  };
  const repetitions = [
    schedule.repeat(REFRESH_EVERY_MS, attempt(refresh, NOT_READ)),
    schedule.repeat(REFRESH_EVERY_MS, attempt(saveUse, NOT_SAVED)),
  ];
  return { stop: async () => void (await Promise.all(repetitions.map((one) => one.stop()))) };
}
