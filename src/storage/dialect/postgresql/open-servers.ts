import { type Dialect, Kysely } from 'kysely';
import pg from 'pg';
import { InvalidArgument } from '../../../core/errors.ts';
import { messageOf } from '../../../core/thrown.ts';
import { StorageUnavailable } from '../../errors.ts';
import type { ReadScopes } from '../../reading.ts';
import type { Replica } from '../../replica.ts';
import type { QueryBuilder, Store } from '../../store.ts';
import type { StoreOptions } from '../dialect.ts';
import { expectSession } from './pooler.ts';
import { readAtReplica } from './read-events.ts';
import { watchReplica } from './replica.ts';
import { dialectOn, openServer, type Server } from './server.ts';

const DEFAULT_READERS = 8;
/** Connections for work that checks or repairs the database, bypassing a pooler. */
const UPKEEP_CONNECTIONS = 2;
/** The same database gives the same answer, however it is reached. */
export const IDENTITY = `select (select system_identifier from pg_control_system())::text || '/' ||
  (select oid from pg_database where datname = current_database()) as identity`;

/** Where the next record of the log goes. */
export const POSITION_OF_PRIMARY = 'select pg_current_wal_insert_lsn()::text as position';

/** The primary and its replica, as the store uses them. */
export interface Servers {
  readonly primary: Server;
  /** For Kysely: the server that should answer the caller. */
  readonly reads: Dialect;
  /** For statements that need a session, or that must not be in a transaction. */
  readonly sessions: QueryBuilder;
  readonly replica: Replica | null;
  readonly readEvents: Store['readEvents'];
  close(): Promise<void>;
}

type Options = Required<Pick<StoreOptions, 'url' | 'directUrl' | 'transactionIdleMs' | 'onProblem'>> &
  Pick<StoreOptions, 'readers' | 'replica'> & { readonly scopes: ReadScopes };

/**
 * @throws StorageUnavailable if the primary does not answer. The replica need not.
 * @throws InvalidArgument if `directUrl` gives no lasting session, or leads to another database
 *   than `url`
 */
export async function openServers(options: Options): Promise<Servers> {
  const { url, directUrl, readers = DEFAULT_READERS, scopes, onProblem, replica: given = null } = options;
  const common = { scope: scopes.current, idleInTransactionMs: options.transactionIdleMs, onProblem };
  const primary = openServer({ ...common, url, directUrl, readers, name: 'telltale' });
  try {
    await expectUsable(primary, directUrl);
  } catch (error) {
    await primary.close();
    throw error;
  }
  const open = [primary];
  const add = (server: Server): Server => {
    open.push(server);
    return server;
  };
  const sessions = primary.isPooled
    ? add(
        openServer({
          ...common,
          url: directUrl,
          directUrl,
          readers: UPKEEP_CONNECTIONS,
          name: 'telltale upkeep',
        }),
      )
    : primary;
  const server =
    given &&
    add(openServer({ ...common, url: given.url, directUrl: given.url, readers, name: 'telltale replica' }));
  const replica = given && server ? watchReplica({ primary, server }, given) : null;
  return {
    primary,
    reads: dialectOn(() => (scopes.current().target?.isReplica && server ? server : primary).lend()),
    sessions: new Kysely({ dialect: dialectOn(sessions.lend) }),
    replica,
    readEvents: replica === null ? (work) => work() : readAtReplica(replica, scopes),
    async close() {
      replica?.stop();
      await Promise.all(open.map((each) => each.close()));
    },
  };
}

async function expectUsable({ control, pool, ping, isPooled }: Server, directUrl: string): Promise<void> {
  try {
    await ping();
    const client = await control.connect();
    try {
      await expectSession(client, () => connectTo(directUrl));
    } finally {
      client.release();
    }
    if (!isPooled) return;
    const [there, here] = await Promise.all([control, pool].map((each) => each.query(IDENTITY)));
    if (there?.rows[0].identity === here?.rows[0].identity) return;
  } catch (error) {
    if (error instanceof InvalidArgument) throw error;
    throw new StorageUnavailable(`The database does not answer: ${messageOf(error)}`, { cause: error });
  }
  throw new InvalidArgument(
    'DATABASE_URL and DATABASE_DIRECT_URL lead to different databases: they must lead to the same one.',
    'DATABASE_DIRECT_URL',
  );
}

async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'telltale control' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
