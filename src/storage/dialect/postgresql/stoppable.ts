import type pg from 'pg';
import type { ReadMeter, ReadScope } from '../../reading.ts';

/** How long a stopped statement may go on before its connection is cut. */
const STOP_GRACE_MS = 2_000;
const READING = /^\s*(?:select|with|values|explain)\b/i;

export interface StopOptions {
  /** The scope of the caller of a statement. */
  readonly scope: () => ReadScope;
  /** Cancels the statement that a server process runs, from another connection. */
  readonly cancel: (processId: number) => Promise<unknown>;
}

type Ask = (config: unknown, values?: unknown) => Promise<pg.QueryResult>;

/** The `query` of a connection in the one form in which it is called here, of the many that it has. */
const askerOf = (client: pg.ClientBase): Ask => client.query.bind(client) as unknown as Ask;

/** The parts of a connection that the types of `pg` do not declare. */
interface Internals {
  readonly processID: number;
  readonly connection: {
    readonly stream: { destroy(): void };
    on(event: 'dataRow', listener: (message: { readonly length: number }) => void): void;
  };
}

/**
 * Lets scopes stop and limit the reads of a connection of a pool. A statement in a transaction is
 * not stopped, because the transaction may have begun to write.
 */
export function makeStoppable(client: pg.ClientBase, { scope, cancel }: StopOptions): void {
  const ask = askerOf(client);
  const { processID, connection } = client as pg.ClientBase & Internals;
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
      () => cancel(processID),
      () => connection.stream.destroy(),
    );
    const abort = () => stop.because(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    running = meter === null ? null : { meter, tooMuch: stop.because };
    try {
      return await ask(config, values);
    } finally {
      running = null;
      signal?.removeEventListener('abort', abort);
      await stop.settle();
    }
  }

  const query: Ask = (config, values) => {
    const limits = scope();
    const unlimited = limits.signal === null && limits.meter === null;
    const inTransaction = client.getTransactionStatus() === 'T';
    if (unlimited || inTransaction || !READING.test(textOf(config))) return ask(config, values);
    return read(config, values, limits);
  };
  Object.assign(client, { query });
}

function textOf(config: unknown): string {
  return typeof config === 'string' ? config : String((config as { readonly text?: string }).text);
}

interface Stop {
  because(reason: unknown): void;
  /**
   * Resolves when the cancellation cannot hit the next statement of the connection any more.
   *
   * @throws the reason, if the statement was stopped
   */
  settle(): Promise<void>;
}

function createStop(cancel: () => Promise<unknown>, cut: () => void): Stop {
  let stopped: { readonly reason: unknown; readonly done: Promise<unknown> } | null = null;
  let timer: NodeJS.Timeout | undefined;
  return {
    because(reason) {
      if (stopped !== null) return;
      timer = setTimeout(cut, STOP_GRACE_MS);
      // Where the server cannot be asked to cancel, the connection is cut.
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
 * A pool whose `query` awaits its connection. The one of `pg` runs a statement that waited in the
 * scope of the caller before it.
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
