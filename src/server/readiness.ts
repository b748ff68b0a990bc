import { setTimeout as sleep } from 'node:timers/promises';
import { sharedFor } from '../core/shared-for.ts';
import { messageOf } from '../core/thrown.ts';
import type { Services } from '../graphql/context.ts';
import { isBusy, troubleOf } from '../graphql/errors.ts';
import type { Readiness } from './plugins/use-health-endpoints.ts';

/** A database that takes longer to answer counts as unresponsive. */
const PATIENCE_MS = 2_000;
/** The minimum time between two write probes while they succeed, however many requests arrive. */
const PROBE_EVERY_MS = 5_000;
/**
 * If a probe takes longer, another writer holds the lock. The probe then continues in the
 * background, and the request gets the result of the previous probe.
 */
const PROBE_PATIENCE_MS = 500;
/** How long requests share an answer. */
const SHARED_MS = 1_000;
const READY: Readiness = { ready: true };
const CANNOT = { append: 'Events cannot be recorded', transact: 'States cannot be changed' } as const;

export interface ReadinessOptions {
  readonly store: Pick<Services['store'], 'ping' | 'query' | 'reading' | 'replica'>;
  /** The names of this version's migrations. */
  readonly migrations: readonly string[];
  /** The kinds of writes that failed lately because of the database, with their errors. */
  readonly failedWrites: () => ReadonlyMap<keyof typeof CANNOT, Error>;
  /** Receives the database's own message, because the answer of `/readyz` is public. */
  readonly log: { warn(details: object, message: string): void };
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Checks whether the database answers, has all migrations of this version, and can be written to.
 * While the server runs, the database can be removed or replaced by an older one, and the disk can
 * fill up. Recent failed writes count too, because a damaged page makes only some writes fail. The
 * endpoint is public, so requests within the same second share an answer.
 */
export function createReadinessCheck(options: ReadinessOptions): () => Promise<Readiness> {
  const { store, migrations, failedWrites, log, now = () => performance.now() } = options;
  const notReady = logChanges(log);
  const probe = createWriteProbe(store, migrations, now);

  async function check(): Promise<Readiness> {
    try {
      await store.ping();
      const rows = await store.query
        .selectFrom('_prisma_migrations')
        .select('migration_name')
        .where('finished_at', 'is not', null)
        .where('rolled_back_at', 'is', null)
        .execute();
      const applied = new Set(rows.map((row) => row.migration_name));
      const missing = migrations.filter((name) => !applied.has(name));
      if (missing.length > 0) {
        return notReady(`The database lacks the migrations ${missing.join(', ')}.`);
      }
    } catch (error) {
      return notReady('The database does not answer.', error);
    }
    const refusal = await probe();
    if (refusal !== null) return notReady(sentence('The database cannot be written', refusal), refusal);
    const [failed] = failedWrites();
    if (failed !== undefined) return notReady(sentence(CANNOT[failed[0]], failed[1]), failed[1]);
    return store.replica === null ? READY : { ready: true, replica: store.replica.state().status };
  }

  return sharedFor(SHARED_MS, now, async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Readiness>((resolve) => {
      const reason = `The database did not answer within ${PATIENCE_MS} ms.`;
      timer = setTimeout(() => resolve(notReady(reason)), PATIENCE_MS);
    });
    try {
      // A probe does not queue behind reads.
      return await Promise.race([store.reading({ kind: 'PROBE' }, check), late]);
    } finally {
      clearTimeout(timer);
    }
  });
}

/** What is wrong, without the database's own message. */
function sentence(what: string, error: unknown): string {
  const trouble = troubleOf(error);
  return trouble === null ? `${what}.` : `${what}: ${trouble}`;
}

/**
 * Makes the answers of a server that is not ready. Logs a reason once, as long as it stays the
 * same.
 */
function logChanges(log: ReadinessOptions['log']) {
  let logged = '';
  return (reason: string, err?: unknown): Readiness => {
    const text = `${reason} ${messageOf(err)}`;
    if (text !== logged) log.warn({ err }, `Not ready. ${reason}`);
    logged = text;
    return { ready: false, reason };
  };
}

/**
 * Rewrites one row without a change. Returns the error of the latest probe; null if the database
 * can be written to, or if another writer holds the lock.
 */
function createWriteProbe(
  store: Pick<Services['store'], 'query'>,
  migrations: readonly string[],
  now: () => number,
): () => Promise<unknown> {
  let triedAt = Number.NEGATIVE_INFINITY;
  let writing: Promise<void> | null = null;
  let outcome: unknown = null;
  async function write(): Promise<unknown> {
    try {
      await store.query
        .updateTable('_prisma_migrations')
        .set((row) => ({ applied_steps_count: row.ref('applied_steps_count') }))
        .where('migration_name', '=', migrations.at(-1) ?? '')
        .execute();
      return null;
    } catch (error) {
      return isBusy(error) ? null : error;
    }
  }
  return async () => {
    const isDue = outcome !== null || now() - triedAt >= PROBE_EVERY_MS;
    if (writing === null && isDue) {
      triedAt = now();
      writing = write().then((result) => {
        outcome = result;
        writing = null;
      });
    }
    if (writing !== null) await Promise.race([writing, sleep(PROBE_PATIENCE_MS, undefined, { ref: false })]);
    return outcome;
  };
}
