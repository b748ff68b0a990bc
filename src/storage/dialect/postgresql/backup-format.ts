import type pg from 'pg';
import { messageOf } from '../../../core/thrown.ts';
import { BackupToolMissing, DamagedBackup } from '../../backups/errors.ts';
import type { BackupFormat } from '../../backups/format.ts';
import { createArchiveRows } from './archive-rows.ts';
import { databaseBytes, duringOneMoment } from './citus/backup.ts';
import { connectBeside, connectIfExists, createConnect, withClient } from './connect-beside.ts';
import { createRestoreTarget } from './restore.ts';
import { createTools, ToolFailed, type Tools, urlForTools } from './tools.ts';
import { unusableUrl } from './unusable-url.ts';

/** A server on PostgreSQL has no file beside which backups could be. */
const FOLDER = './data/backups';
const DEFAULT_PORT = '5432';

/** Backups of a PostgreSQL database: archives of pg_dump in its custom form. */
export function createBackupFormat(url: string, pgDump: string | null): BackupFormat {
  const { hostname, port, pathname, password, searchParams } = parse(url);
  const name = decodeURIComponent(pathname.slice(1));
  const host = searchParams.get('host') ?? hostname;
  const tools = createTools(pgDump, password === '' ? undefined : decodeURIComponent(password));
  const connect = createConnect(url);

  async function inspect(path: string, { signal }: { readonly signal?: AbortSignal } = {}) {
    const archive = createArchiveRows();
    try {
      await tools.run('pg_restore', ['--data-only', '--file=-', path], { output: archive.input, signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof BackupToolMissing) throw error;
      throw new DamagedBackup(path, messageOf(error));
    }
    return archive.contents();
  }

  return {
    dialect: 'postgresql',
    name,
    database: `postgresql://${host}:${port || DEFAULT_PORT}/${name}`,
    folder: FOLDER,
    ownsFolder: false,
    async expectTools() {
      // Where one server has many databases, a user may only be allowed to connect to its own.
      const client = (await connectIfExists(connect)) ?? (await connectBeside(connect));
      await withClient(Promise.resolve(client), () => expectTools(tools, client));
    },
    async bytes() {
      const client = await connectIfExists(connect);
      if (client === null) return null;
      return withClient(Promise.resolve(client), async () => {
        return databaseBytes(client);
      });
    },
    async copyTo(path, signal) {
      const target = urlForTools(url);
      const options = ['--format=custom', '--compress=1', '--no-password', `--file=${path}`];
      const dump = () => tools.run('pg_dump', [...options, `--dbname=${target}`], { signal });
      await withClient(connect(), (client) => duringOneMoment(client, dump));
    },
    inspect,
    restore: createRestoreTarget({ url, name, tools, connect }),
  };
}

/** @throws InvalidArgument for a text that is not a URL */
function parse(url: string): URL {
  try {
    return new URL(url);
  } catch (error) {
    throw unusableUrl(error);
  }
}

/** @throws BackupToolMissing if there is no pg_dump of the server's version or a later one */
async function expectTools(tools: Tools, client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  const server = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  for (const tool of ['pg_dump', 'pg_restore'] as const) {
    const version = await tools.version(tool).catch((error: unknown) => {
      throw error instanceof ToolFailed ? new BackupToolMissing(error.message) : error;
    });
    if (version >= server) continue;
    throw new BackupToolMissing(
      `${tool} ${version} is older than the server, PostgreSQL ${server}, and cannot read it. ` +
        `Install PostgreSQL's client programs of version ${server}, or name that pg_dump with ` +
        'PG_DUMP=/path/to/pg_dump.',
    );
  }
}
