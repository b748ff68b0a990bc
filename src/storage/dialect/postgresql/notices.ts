import type { NoticeListener, Notices } from '../../instance-link.ts';
import { CHANNEL, createNoticeConnection } from './notice-connection.ts';

const SEND = `select pg_notify('${CHANNEL}', text) from unnest($1::text[]) as text`;
/** A connection whose other end is gone is silent, and so is one on which nothing is sent. */
const ASK_EVERY_MS = 10_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

export interface NoticesOptions {
  /**
   * Of the server itself: a pooler that lends connections by transaction does not pass notices on.
   */
  readonly url: string;
  readonly onProblem: (error: Error) => void;
}

export interface OpenNotices extends Notices {
  close(): Promise<void>;
}

/**
 * Notices by LISTEN and NOTIFY, on one connection that is made when it is needed. It is not that of
 * the writer: a notice within a transaction would hold up all others until the commit.
 */
export function createNotices(options: NoticesOptions): OpenNotices {
  let listener: NoticeListener | null = null;
  const retries = createRetries(() => void beginListening());
  const connection = createNoticeConnection({
    ...options,
    listener: () => listener,
    onLost() {
      if (listener !== null) retries.again();
    },
  });

  async function beginListening(): Promise<void> {
    try {
      await connection.connect();
      retries.succeeded();
      listener?.onConnected();
    } catch {
      // Whoever needs the database reports what is wrong with it.
      if (listener !== null && !connection.isClosed()) retries.again();
    }
  }

  return {
    send: (texts) => connection.query(SEND, [texts]),
    listen(given) {
      listener = given;
      // A connection that was made to send does not listen.
      connection.leave();
      void beginListening();
      const asking = setInterval(() => {
        connection.query('select 1', []).catch(() => undefined);
      }, ASK_EVERY_MS).unref();
      return {
        stop() {
          clearInterval(asking);
          retries.stop();
          listener = null;
        },
      };
    },
    close() {
      listener = null;
      retries.stop();
      return connection.close();
    },
  };
}

/** Tries again, with growing pauses, until it succeeds. */
function createRetries(attempt: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let afterMs = FIRST_RETRY_MS;
  return {
    again(): void {
      clearTimeout(timer);
      timer = setTimeout(attempt, afterMs).unref();
      afterMs = Math.min(afterMs * 2, LONGEST_RETRY_MS);
    },
    succeeded(): void {
      afterMs = FIRST_RETRY_MS;
    },
    stop: () => clearTimeout(timer),
  };
}
