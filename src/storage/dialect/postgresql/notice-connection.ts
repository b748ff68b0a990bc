import pg from 'pg';
import { messageOf } from '../../../core/thrown.ts';
import { StorageUnavailable } from '../../errors.ts';
import type { NoticeListener } from '../../instance-link.ts';
import { CONNECT_TIMEOUT_MS } from './silent-connections.ts';

/** Notices reach only the sessions of one database. */
export const CHANNEL = 'telltale';
/**
 * The commit of a notice holds a lock, which all notices of the server take, until it is on disk.
 * Whatever a notice announces is already on disk.
 */
const AT_ONCE = 'set synchronous_commit = off';
const ANSWER_WITHIN_MS = 5_000;

export interface NoticeConnectionOptions {
  readonly url: string;
  readonly onProblem: (error: Error) => void;
  /** The receiver of notices. A connection that is made while there is none does not listen. */
  readonly listener: () => NoticeListener | null;
  /** The connection broke. The next call makes another one. */
  readonly onLost: () => void;
}

/** One connection at a time, made when it is needed. */
export interface NoticeConnection {
  /** The connection; makes one if there is none. */
  connect(): Promise<pg.Client>;
  /** If the statement fails, the connection is closed. */
  query(text: string, values: unknown[]): Promise<void>;
  /** Ends the connection; the next call makes another one. */
  leave(): void;
  isClosed(): boolean;
  close(): Promise<void>;
}

export function createNoticeConnection(options: NoticeConnectionOptions): NoticeConnection {
  const { url, onProblem, listener, onLost } = options;
  let connected: Promise<pg.Client> | null = null;
  let isClosed = false;

  function lose(client: pg.Client, connection: Promise<pg.Client> | null): void {
    client.end(() => undefined);
    if (connected !== connection) return;
    connected = null;
    onLost();
  }

  function open(): Promise<pg.Client> {
    const client = noticeClient(url);
    client.on('notification', ({ payload = '' }) => listener()?.onNotice(payload));
    client.on('error', (error) => {
      onProblem(error);
      lose(client, connection);
    });
    client.on('end', () => lose(client, connection));
    const connection = connected;
    return greet(client, () => listener() !== null);
  }

  function connect(): Promise<pg.Client> {
    if (isClosed) return Promise.reject(new StorageUnavailable('The store is closed.'));
    if (connected !== null) return connected;
    const made = Promise.resolve().then(open);
    connected = made;
    made.catch(() => {
      if (connected === made) connected = null;
    });
    return made;
  }

  async function query(text: string, values: unknown[]): Promise<void> {
    const connection = connect();
    const client = await connection;
    try {
      await client.query(text, values);
    } catch (error) {
      lose(client, connection);
      throw new StorageUnavailable(`A notice was not sent: ${messageOf(error)}`, { cause: error });
    }
  }

  return {
    connect,
    query,
    leave() {
      const former = connected;
      connected = null;
      void former?.then((client) => client.end()).catch(() => undefined);
    },
    isClosed: () => isClosed,
    async close() {
      isClosed = true;
      const client = await connected?.catch(() => null);
      await client?.end();
    },
  };
}

const noticeClient = (url: string): pg.Client =>
  new pg.Client({
    connectionString: url,
    application_name: 'telltale notices',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
  });

/** Connects the client, and makes it listen if there is a listener by then. */
async function greet(client: pg.Client, isListening: () => boolean): Promise<pg.Client> {
  try {
    await client.connect();
    await client.query(AT_ONCE);
    if (isListening()) await client.query(`listen ${CHANNEL}`);
    return client;
  } catch (error) {
    client.end(() => undefined);
    throw new StorageUnavailable(`The database does not answer: ${messageOf(error)}`, { cause: error });
  }
}
