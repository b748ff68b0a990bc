import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** A PostgreSQL server that provides empty databases for tests and tools. */
export interface PostgresqlServer {
  /**
   * @param template URL of a database from `createDatabase`, to be copied. It must have no
   *   connections.
   * @returns the URL of a new database, empty without a template
   */
  createDatabase(template?: string): Promise<string>;
  /**
   * Removes a database from `createDatabase`.
   *
   * @throws if connections to it are still open; it is removed all the same.
   */
  dropDatabase(url: string): Promise<void>;
  /** Stops the server if it was started here, and waits until it is gone. */
  close(): Promise<void>;
}

/**
 * The server of `TEST_POSTGRES_URL`, otherwise a separate one: a real PostgreSQL whose binaries
 * come from npm. It ends with this process, in whatever way.
 *
 * @param url a URL of an existing server whose user may create databases
 * @param binaries the folder of other programs for the separate server
 */
export async function openPostgresqlServer(
  url = process.env.TEST_POSTGRES_URL || '',
  binaries = '',
): Promise<PostgresqlServer> {
  if (url !== '') return connect(url, async () => {});
  const { url: ownUrl, stop } = await startSupervisor({ binaries });
  return connect(ownUrl, stop);
}

/**
 * A separate server for benchmarks: on a disk, durable, with production settings. Its binaries come
 * from npm.
 *
 * @param url a URL of an existing server to use instead
 */
export async function openServingPostgresql(url = ''): Promise<PostgresqlServer> {
  if (url !== '') return connect(url, async () => {});
  const { url: ownUrl, stop } = await startSupervisor({ flags: ['--as-served'] });
  return connect(ownUrl, stop);
}

/** A separate server that tests can make fail. It keeps what was committed. */
export interface FailingPostgresql {
  /** The URL of a database on it. */
  readonly url: string;
  /** Ends it: SIGINT is a fast shutdown, SIGQUIT an immediate one, SIGKILL a crash. */
  end(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  /** Starts it again at the same address. Resolves when it answers. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function openFailingPostgresql(): Promise<FailingPostgresql> {
  const { url, stop, order } = await startSupervisor({ flags: ['--durable'] });
  return { url, end: order, start: () => order('start'), close: stop };
}

/** A server with a streaming replica, both of which tests can control. */
export interface ReplicatedPostgresql {
  /** The URL of a database on the primary. */
  readonly url: string;
  /** The URL of the same database on the replica. */
  readonly replicaUrl: string;
  /** Ends the replica by SIGINT or SIGKILL, or starts it again. */
  order(what: 'SIGINT' | 'SIGKILL' | 'start'): Promise<void>;
  close(): Promise<void>;
}

export async function openReplicatedPostgresql(): Promise<ReplicatedPostgresql> {
  const { url, replicaUrl, stop, order } = await startSupervisor({ flags: ['--replica'] });
  return { url, replicaUrl, order: (what) => order(`${what} replica`), close: stop };
}

/** How to start a separate server. */
export interface ServerOptions {
  /** The folder of programs other than those from npm. */
  readonly binaries?: string;
  readonly flags?: readonly string[];
  /** Settings of the server, in addition to those of every test server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: a random one. */
  readonly password?: string;
}

export interface Supervised {
  readonly url: string;
  /** Empty if there is none. */
  readonly replicaUrl: string;
  stop(): Promise<void>;
  /** Resolves when the order is carried out. */
  order(line: string): Promise<void>;
}

/** Starts a server that ends with this process, in whatever way. */
export async function startSupervisor({
  binaries = '',
  flags = [],
  settings = {},
  password = '',
}: ServerOptions): Promise<Supervised> {
  const script = fileURLToPath(new URL('./supervise-postgresql.mjs', import.meta.url));
  // Detached, so that Ctrl-C does not reach it. It ends with its standard input, after all users of
  // the server.
  const child = spawn(process.execPath, [script, ...flags], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{ POSTGRES_BINARIES: binaries, POSTGRES_PASSWORD: password },
      POSTGRES_SETTINGS: JSON.stringify(settings),
    },
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited]);
  if (child.exitCode !== null || typeof first[0] !== 'string') {
    throw new Error(
      'PostgreSQL could not be started; the reason is above. TEST_POSTGRES_URL names another server.',
    );
  }
  const [url = '', replicaUrl = ''] = first[0].split(' ');
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return {
    url,
    replicaUrl,
    stop,
    async order(line) {
      const carriedOut = once(lines, 'line');
      child.stdin.write(`${line}\n`);
      await carriedOut;
    },
  };
}

async function connect(url: string, stop: () => Promise<void>): Promise<PostgresqlServer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const nameOf = (database: string) => client.escapeIdentifier(new URL(database).pathname.slice(1));
  return {
    async createDatabase(template) {
      const name = `telltale_${randomBytes(8).toString('hex')}`;
      const source = template === undefined ? 'template0' : nameOf(template);
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY file_copy`);
      const database = new URL(url);
      database.pathname = `/${name}`;
      return database.href;
    },
    async dropDatabase(database) {
      const name = nameOf(database);
      try {
        // Waits up to five seconds for connections that are about to close.
        await client.query(`DROP DATABASE ${name}`);
      } catch (error) {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        throw error;
      }
    },
    async close() {
      await client.end();
      await stop();
    },
  };
}
