import type { Duplex } from 'node:stream';
import type pg from 'pg';
import type { ReadMeter, ReadScope } from '../../reading.ts';
import { type Around, type Ask, askerOf, type Session, textOf } from './session.ts';

/** How long a stopped statement may continue before its connection is cut. */
const STOP_GRACE_MS = 2_000;
const READING = /^\s*(?:select|with|values|explain)\b/i;

export interface StopOptions {
  readonly session: Session;
  /** The scope of the caller of a statement. */
  readonly scope: () => ReadScope;
  /** Cancels the statement that a server process is running, from another connection. */
  readonly cancel: (processId: number) => Promise<unknown>;
}

/** The parts of a connection that the types of `pg` do not declare. */
interface Internals {
  readonly connection: {
    readonly stream: Duplex;
    on(event: 'dataRow', listener: (message: { readonly length: number }) => void): void;
  };
}

const NOTHING: Around = { enter() {}, leave: async () => {} };

/**
 * Runs the statements of a pool's connection through its session, and lets scopes stop and limit
 * its reads. A statement in a transaction is not stopped, because the transaction may have begun to
 * write.
 */
export function makeStoppable(client: pg.ClientBase, { session, scope, cancel }: StopOptions): void {
  const { connection } = client as pg.ClientBase & Internals;
  let running: { readonly meter: ReadMeter; tooMuch(error: unknown): void } | null = null;
  connection.on('dataRow', ({ length }) => {
    try {
      running?.meter.count({ rows: 1, bytes: length });
    } catch (error) {
      running?.tooMuch(error);
    }
  });

  async function read(config: unknown, values: unknown, { signal, meter }: ReadScope) {
    signal?.throwIfAborted();
    const stop = createStop(
      () => cancelOf(session, cancel),
      () => cut(connection.stream),
    );
    const abort = () => stop.because(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    return session.run(config, values, {
      enter() {
        running = meter === null ? null : { meter, tooMuch: stop.because };
      },
      async leave() {
        running = null;
        signal?.removeEventListener('abort', abort);
        await stop.settle();
      },
    });
  }

  const query: Ask = (config, values) => {
    const limits = scope();
    const unlimited = limits.signal === null && limits.meter === null;
    const inTransaction = client.getTransactionStatus() === 'T';
    if (unlimited || inTransaction || !READING.test(textOf(config)))
      return session.run(config, values, NOTHING);
    return read(config, values, limits);
  };
  Object.assign(client, { query });
}

/**
 * @throws Error if the pooler has not assigned a process yet: then only the connection can be cut
 */
async function cancelOf({ processId }: Session, cancel: StopOptions['cancel']): Promise<void> {
  if (processId === null) throw new Error('No process of the database works for this connection.');
  await cancel(processId);
}

interface Stop {
  because(reason: unknown): void;
  /**
   * Resolves when the cancellation can no longer hit the next statement of the process.
   *
   * @throws the reason, if the statement was stopped
   */
  settle(): Promise<void>;
}

/**
 * Resolves when the driver knows that it is cut. Otherwise the pool would lend the connection for
 * the next statement.
 */
async function cut(stream: Duplex): Promise<void> {
  if (stream.closed) return;
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.destroy();
  await closed;
}

function createStop(cancel: () => Promise<unknown>, cut: () => Promise<void>): Stop {
  let stopped: { readonly reason: unknown; readonly done: Promise<unknown> } | null = null;
  let timer: NodeJS.Timeout | undefined;
  return {
    because(reason) {
      if (stopped !== null) return;
      timer = setTimeout(cut, STOP_GRACE_MS);
      // If the server cannot be asked to cancel, the connection is cut.
      stopped = { reason, done: cancel().catch(cut) };
    },
    async settle() {
      clearTimeout(timer);
      if (stopped === null) return;
      await stopped.done;
      throw stopped.reason;
    },
  };
}

/**
 * Makes `query` of a pool await its connection. The original runs a statement that had to wait in
 * the scope of the previous caller.
 */
export function queryInScope(pool: pg.Pool): void {
  const query: Ask = async (config, values) => {
    const client = await pool.connect();
    try {
      return await askerOf(client)(config, values);
    } finally {
      client.release();
    }
  };
  Object.assign(pool, { query });
}
