import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { describeOnlyOn, type TestDatabase } from './databases.ts';
import { freePort } from './free-port.ts';

/** PgBouncer in front of a PostgreSQL server. */
export interface Pooler extends AsyncDisposable {
  /** The URL of a database through it. */
  urlOf(databaseUrl: string): string;
}

export interface PoolerOptions {
  readonly mode?: 'transaction' | 'session' | 'statement';
  /** Connections to each database. Default: 2, fewer than a server has clients. */
  readonly connections?: number;
}

/** On Debian it is outside the PATH of ordinary users. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
const isInstalled = spawnSync('pgbouncer', ['--version'], { env }).status === 0;

/** Declares tests with PgBouncer, if it is installed. */
export function describePooled(name: string, body: (database: TestDatabase) => void): void {
  if (isInstalled) describeOnlyOn('postgresql', name, body);
  else describe.skip(`${name} (pgbouncer is not installed: apt-get install pgbouncer)`, () => {});
}

export async function openPooler(
  databaseUrl: string,
  { mode = 'transaction', connections = 2 }: PoolerOptions = {},
): Promise<Pooler> {
  const { hostname, port: serverPort, username, password } = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'telltale-pooler-'));
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users.txt');
  await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`);
  await writeFile(
    file,
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = ${connections}
max_client_conn = 100
server_round_robin = 0
`,
  );
  // It refuses to run as root.
  await Promise.all([chmod(folder, 0o755), chmod(file, 0o644), chmod(users, 0o644)]);
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('pgbouncer', [...asNobody, file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let log = '';
  const isUp = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('process up')) resolve();
    });
  });
  await Promise.race([
    isUp,
    exited.then(() => {
      throw new Error(`PgBouncer did not start:\n${log}`);
    }),
  ]);
  return {
    urlOf(of) {
      const url = new URL(of);
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
