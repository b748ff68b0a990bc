import pg from 'pg';
import { messageOf } from '../../../core/thrown.ts';
import { StorageUnavailable } from '../../errors.ts';
import type { NoticeListener, Notices } from '../../instance-link.ts';
import { CONNECT_TIMEOUT_MS } from './silent-connections.ts';

/** Of this database alone. */
const CHANNEL = 'telltale';
const SEND = `select pg_notify('${CHANNEL}', text) from unnest($1::text[]) as text`;
/**
 * The commit of a notice takes a lock that all notices of the server take, until the disk has it. What a
 * notice says is on the disk already.
 */
const AT_ONCE = 'set synchronous_commit = off';
/** A connection whose other end is gone is silent, as one is to which nobody says anything. */
const ASK_EVERY_MS = 10_000;
const ANSWER_WITHIN_MS = 5_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

export interface NoticesOptions {
  /** Of the server itself: a pooler that lends connections by transactions does not pass notices on. */
  readonly url: string;
  readonly onProblem: (error: Error) => void;
}

export interface OpenNotices extends Notices {
  close(): Promise<void>;
}

/**
 * Notices by LISTEN and NOTIFY, on one connection that is made when it is needed. It is not that of the
 * writer: a notice within a transaction would hold up those of all others until its commit.
 */
export function createNotices({ url, onProblem }: NoticesOptions): OpenNotices {
  let connected: Promise<pg.Client> | null = null;
  let listener: NoticeListener | null = null;
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;
  let retryAfterMs = FIRST_RETRY_MS;

  function lose(client: pg.Client, connection: Promise<pg.Client> | null): void {
    client.end(() => undefined);
    if (connected !== connection) return;
    connected = null;
    if (listener !== null) listenAgain();
  }

  async function open(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'telltale notices',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    });
    client.on('notification', ({ payload = '' }) => listener?.onNotice(payload));
    client.on('error', (error) => {
      onProblem(error);
      lose(client, connection);
    });
    client.on('end', () => lose(client, connection));
    const connection = connected;
    try {
      await client.connect();
      await client.query(AT_ONCE);
      if (listener !== null) await client.query(`listen ${CHANNEL}`);
      return client;
    } catch (error) {
      client.end(() => undefined);
      throw new StorageUnavailable(`The database does not answer: ${messageOf(error)}`, { cause: error });
    }
  }

  /** The connection, which is made if there is none. */
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

  function listenAgain(): void {
    clearTimeout(retry);
    retry = setTimeout(() => void beginListening(), retryAfterMs).unref();
    retryAfterMs = Math.min(retryAfterMs * 2, LONGEST_RETRY_MS);
  }

  async function beginListening(): Promise<void> {
    try {
      await connect();
      retryAfterMs = FIRST_RETRY_MS;
      listener?.onConnected();
    } catch {
      // Whoever asks the database for something says what is wrong with it.
      if (listener !== null && !isClosed) listenAgain();
    }
  }

  return {
    send: (texts) => query(SEND, [texts]),
    listen(given) {
      listener = given;
      // A connection that was made to send does not listen.
      const former = connected;
      connected = null;
      void former?.then((client) => client.end()).catch(() => undefined);
      void beginListening();
      const asking = setInterval(() => {
        query('select 1', []).catch(() => undefined);
      }, ASK_EVERY_MS).unref();
      return {
        stop() {
          clearInterval(asking);
          clearTimeout(retry);
          listener = null;
        },
      };
    },
    async close() {
      isClosed = true;
      listener = null;
      clearTimeout(retry);
      const client = await connected?.catch(() => null);
      await client?.end();
    },
  };
}
