import pg from 'pg';
import { StorageUnavailable } from '../../errors.ts';
import { asUnavailable } from '../unavailable.ts';
import { type AppendAccess, SLOT_LOCK, WRITE_IN_APPENDS_ONLY } from './append-lock.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { areCellsSpread } from './citus/layout.ts';
import { CONNECT_TIMEOUT_MS, type ConnectionWatch } from './silent-connections.ts';
import { typeParsers, useUtc } from './types.ts';

const MAX_SLOTS = 1_000;
/**
 * The writer finds everything by key. Its statements are planned once, perhaps while a table is
 * small. A plan that scans the table would then remain when the table is large.
 */
const ONLY_KEYS = 'set enable_seqscan = off; set enable_bitmapscan = off; set jit = off';
/**
 * Statements follow each other at once. A transaction that waits this long for the next one has
 * lost its server. It would hold its locks until TCP gives the connection up, which takes hours.
 */
const IDLE_IN_TRANSACTION_MS = 60_000;

/** A connection that may write, and what it knows of itself. */
export interface Connected {
  /** Statements are sent at once, and answered in order. If one fails, all later ones fail. */
  readonly client: pg.Client;
  /** The slot of this instance. No other instance has it during the transaction. */
  readonly slot: number;
  readonly arrivals: Arrivals;
  /** What the database allows by default, asked from time to time. */
  access(): Promise<AppendAccess>;
  /** Whether Citus has spread the cells over several nodes. */
  readonly isSpread: boolean;
}

/** A client of the writer, which is not connected yet. */
export const writerClient = (url: string): pg.Client =>
  new pg.Client({
    connectionString: url,
    types: typeParsers,
    application_name: 'telltale writer',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    pipeline: true,
  });

/** How often a writer checks whether the database has become read-only, or no longer exists. */
const ACCESS_EVERY_MS = 2_000;

export interface ConnectWriterOptions {
  readonly watch: ConnectionWatch;
  /** Default: 2,000. */
  readonly accessEveryMs?: number | undefined;
}

/**
 * Connects the client, and takes a slot with it. If that fails, the connection is closed.
 *
 * @throws StorageUnavailable if the database is a standby
 */
export async function connectWriter(
  client: pg.Client,
  { watch, accessEveryMs = ACCESS_EVERY_MS }: ConnectWriterOptions,
): Promise<Connected> {
  await client.connect();
  try {
    await watch.add(client);
    await refuseStandby(client);
    await useUtc(client);
    const access = createAccess(client, accessEveryMs);
    await client.query(`${ONLY_KEYS}; ${WRITE_IN_APPENDS_ONLY}`);
    const slot = await takeSlot(client);
    const arrivals = createArrivals(client, slot, await readTimeline(client));
    return { client, slot, arrivals, access, isSpread: await areCellsSpread(client) };
  } catch (error) {
    await client.end();
    throw error;
  }
}

/**
 * A session that began on a standby would continue after it took over, and number events as if it
 * had not.
 */
async function refuseStandby(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ recovering: boolean }>('select pg_is_in_recovery() as recovering');
  if (rows[0]?.recovering)
    throw new StorageUnavailable('The database is a standby: it accepts no writes until it is promoted.');
}

/**
 * The session has its own default, so this is the default to which it would be reset. It follows
 * the server's files.
 */
const ACCESS = `select reset_val as is from pg_settings where name = 'default_transaction_read_only'`;

function createAccess(client: pg.Client, everyMs: number): () => Promise<AppendAccess> {
  let access: AppendAccess = 'read write';
  let askedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (now - askedAt < everyMs) return access;
    const { rows } = await client.query<{ is: string }>(ACCESS);
    access = rows[0]?.is === 'on' ? 'read only' : 'read write';
    askedAt = now;
    return access;
  };
}

const TIMELINE = `select ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int4 as timeline`;
/** The timeline of every database on which no standby has taken over yet. */
const FIRST_TIMELINE = 1;

/** The first timeline, too, where a service hides its log from its users. */
async function readTimeline(client: pg.Client): Promise<number> {
  try {
    const { rows } = await client.query<{ timeline: number }>(TIMELINE);
    return rows[0]?.timeline ?? FIRST_TIMELINE;
  } catch (error) {
    if (asUnavailable(error) !== null) throw error;
    return FIRST_TIMELINE;
  }
}

async function takeSlot(client: pg.Client): Promise<number> {
  for (let slot = 0; slot < MAX_SLOTS; slot++) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [
      SLOT_LOCK,
      slot,
    ]);
    if (rows[0]?.taken) return slot;
  }
  throw new StorageUnavailable(`More than ${MAX_SLOTS} servers write to this database.`);
}
