import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { defined } from '../../src/core/defined.ts';
import { codeOf } from '../../src/core/thrown.ts';
import { findCitus, NO_CITUS } from './find-citus.mjs';
import { type PostgresqlServer, type Supervised, startSupervisor } from './postgresql-server.ts';

/** A Citus coordinator and workers, each a separate server on this machine. */
export interface CitusCluster extends PostgresqlServer {
  /** The servers that store the shards. */
  readonly workers: readonly Supervised[];
}

export interface ClusterOptions {
  readonly workers: number;
  /** The shards of each table. With few, tests are fast. */
  readonly shards: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Citus commits on several servers by prepared transactions, so each server needs room for them.
 */
const settingsOf = ({ shards, settings }: ClusterOptions) => ({
  shared_preload_libraries: 'citus',
  max_prepared_transactions: '200',
  // Each database has a Citus daemon.
  max_worker_processes: '64',
  max_connections: '300',
  'citus.shard_count': String(shards),
  'citus.node_conninfo': 'sslmode=disable',
  'citus.enable_statistics_collection': 'off',
  // Each session of the coordinator opens at most this many to a worker.
  'citus.max_adaptive_executor_pool_size': '2',
  ...settings,
});

const CITUS_OWN = "application_name ilike 'citus%'";
const CLOSING_ATTEMPTS = 50;
const OTHERS = `select application_name, query from pg_stat_activity where datname = $1 and not (${CITUS_OWN})`;
const EMPTY = 'telltale_empty';
const COPY_ATTEMPTS = 20;
/** The database is in use. */
const OBJECT_IN_USE = '55006';

/**
 * Starts a cluster that ends with this process, in whatever way. Its databases exist on every node
 * under the same name. Copying a database copies its shards and the metadata of Citus, so a
 * distributed database costs as little as any other.
 *
 * @throws Error if Citus is not installed
 */
export async function openCitusCluster(options: ClusterOptions): Promise<CitusCluster> {
  const binaries = findCitus();
  if (binaries === null) throw new Error(NO_CITUS);
  const server = { binaries, password: randomBytes(12).toString('hex'), settings: settingsOf(options) };
  const nodes = await Promise.all(Array.from({ length: options.workers + 1 }, () => startSupervisor(server)));
  const clients = await Promise.all(nodes.map(({ url }) => open(url)));
  const everywhere = (work: (client: pg.Client) => Promise<unknown>) => Promise.all(clients.map(work));
  const coordinator = defined(clients[0]);
  const urlOf = (name: string) => inDatabase(defined(nodes[0]).url, name);

  await everywhere((client) => client.query(`create database ${EMPTY} template template0`));
  await joinNodes(nodes.map(({ url }) => inDatabase(url, EMPTY)));

  return {
    workers: nodes.slice(1),
    async createDatabase(template) {
      const source = template === undefined ? EMPTY : nameOf(template);
      const name = `telltale_${randomBytes(8).toString('hex')}`;
      await everywhere(async (client) => {
        await copyDatabase(client, source, name);
      });
      return urlOf(name);
    },
    async dropDatabase(url) {
      const name = nameOf(url);
      try {
        await expectUnused(coordinator, name);
      } finally {
        await everywhere((client) => client.query(`drop database if exists ${name} with (force)`));
      }
    },
    async close() {
      await everywhere((client) => client.end());
      await Promise.all(nodes.map(({ stop }) => stop()));
    },
  };
}

/** Makes a cluster of databases on different servers; the first is the coordinator's. */
async function joinNodes(urls: readonly string[]): Promise<void> {
  const clients = await Promise.all(urls.map(open));
  await Promise.all(clients.map((client) => client.query('create extension citus')));
  for (const [index, client] of clients.entries()) {
    const call = index === 0 ? 'citus_set_coordinator_host' : 'citus_add_node';
    await clients[0]?.query(`select ${call}($1, $2)`, [client.host, client.port]);
  }
  await Promise.all(clients.map((client) => client.end()));
}

/** Citus keeps connecting to every database, so it may be back before the copy begins. */
async function copyDatabase(client: pg.Client, source: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await disconnect(client, source);
    try {
      await client.query(`create database ${name} template ${source} strategy file_copy`);
      return;
    } catch (error) {
      if (codeOf(error) !== OBJECT_IN_USE || attempt === COPY_ATTEMPTS) throw error;
    }
  }
}

/** Ends the connections of Citus itself to a database: its daemon's, and cached ones. */
async function disconnect(client: pg.Client, database: string): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and ${CITUS_OWN}`,
    [database],
  );
}

/** Waits for connections that are about to close. @throws if others stay open */
async function expectUnused(client: pg.Client, database: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { rows } = await client.query(OTHERS, [database]);
    if (rows.length === 0) return;
    if (attempt === CLOSING_ATTEMPTS) throw new Error(`${database} is still used by ${JSON.stringify(rows)}`);
    await sleep(100);
  }
}

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // Tests end workers. A statement on a broken connection reports it.
  client.on('error', () => {});
  await client.connect();
  return client;
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

const inDatabase = (url: string, name: string): string =>
  Object.assign(new URL(url), { pathname: `/${name}` }).href;
