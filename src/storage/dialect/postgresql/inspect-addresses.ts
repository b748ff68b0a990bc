import pg from 'pg';
import { messageOf } from '../../../core/thrown.ts';
import type { AddressFacts, DatabaseAddresses } from '../../addresses.ts';
import { IDENTITY, POSITION_OF_PRIMARY } from './open-servers.ts';

/** Anybody who inspects a database does not want to wait for long. */
const PATIENCE_MS = 5_000;
const REPLICA = `select pg_is_in_recovery() as recovering, coalesce(pg_wal_lsn_diff($1, pg_last_wal_replay_lsn()), 0)::float8 as behind`;

/** Asks each of them, on a separate connection. Changes nothing. */
export async function inspectAddresses({
  databaseUrl,
  directUrl,
  replica,
}: DatabaseAddresses): Promise<AddressFacts> {
  const identity = await ask(directUrl, async (query) => String((await query(IDENTITY))['identity']));
  const expectSame = async (query: Query): Promise<void> => {
    if (identity.found !== undefined && (await query(IDENTITY))['identity'] !== identity.found)
      throw new Error('it leads to another database');
  };
  const pooler = databaseUrl === directUrl ? null : await ask(databaseUrl, expectSame);
  return {
    pooler: pooler && { problem: pooler.problem },
    replica: replica && (await inspectReplica(replica.url, { directUrl, expectSame })),
  };
}

async function inspectReplica(
  url: string,
  {
    directUrl,
    expectSame,
  }: { readonly directUrl: string; readonly expectSame: (query: Query) => Promise<void> },
): Promise<NonNullable<AddressFacts['replica']>> {
  const primary = await ask(directUrl, async (query) => (await query(POSITION_OF_PRIMARY))['position']);
  const { found = null, problem } = await ask(url, async (query) => {
    await expectSame(query);
    const { recovering, behind } = await query(REPLICA, [primary.found ?? null]);
    if (recovering !== true) throw new Error('it is not, or no longer, a replica: it accepts writes itself');
    return primary.found === undefined ? null : Math.max(0, Number(behind));
  });
  return { problem, behindBytes: found };
}

type Query = (text: string, values?: unknown[]) => Promise<Readonly<Record<string, unknown>>>;

interface Asked<Found> {
  readonly found?: Found;
  readonly problem: string | null;
}

/** Sends nothing but the name of the program, because a pooler refuses most other parameters. */
async function ask<Found>(url: string, work: (query: Query) => Promise<Found>): Promise<Asked<Found>> {
  const client = new pg.Client({
    ...{ connectionString: url, application_name: 'telltale inspection' },
    ...{ connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await work(async (text, values) => (await client.query(text, values)).rows[0] ?? {});
    return { found, problem: null };
  } catch (error) {
    return { problem: messageOf(error) };
  } finally {
    client.end(() => undefined);
  }
}
