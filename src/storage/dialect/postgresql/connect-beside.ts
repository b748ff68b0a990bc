import pg from 'pg';
import { codeOf } from '../../../core/thrown.ts';
import { expectSession } from './pooler.ts';

/** Connects to the database of the URL, or to another one of its server. */
export type Connect = (database?: string) => Promise<pg.Client>;

const NO_SUCH_DATABASE = '3D000';
/** Databases that a server has besides ours. */
const OTHERS = ['postgres', 'template1'] as const;

/**
 * @throws InvalidArgument if it leads to a pooler in transaction mode, through which no program can
 *   make a backup
 */
export function createConnect(url: string): Connect {
  const connect: Connect = async (database) => {
    const given = new URL(url);
    if (database !== undefined) given.pathname = `/${encodeURIComponent(database)}`;
    const client = new pg.Client({ connectionString: given.href, application_name: 'telltale backup' });
    // The connection is idle while pg_dump runs. Without a listener, losing it would end the
    // process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return async (database) => {
    const client = await connect(database);
    try {
      await expectSession(client, () => connect(database));
      return client;
    } catch (error) {
      await client.end();
      throw error;
    }
  };
}

/** Connects to another database of the server, so that ours can be renamed. */
export async function connectBeside(connect: Connect): Promise<pg.Client> {
  const [first, second] = OTHERS;
  return (await connectIfExists(connect, first)) ?? connect(second);
}

/** Connects to a database; null if the server has none with that name. */
export async function connectIfExists(connect: Connect, database?: string): Promise<pg.Client | null> {
  try {
    return await connect(database);
  } catch (error) {
    if (codeOf(error) === NO_SUCH_DATABASE) return null;
    throw error;
  }
}

/** Does work on a connection, then closes it. */
export async function withClient<Value>(
  opening: Promise<pg.Client>,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = await opening;
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
