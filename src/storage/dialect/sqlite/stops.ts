import type { Connection } from './driver.ts';

/**
 * better-sqlite3 has no `sqlite3_interrupt`, and its thread receives no messages while a statement
 * runs. So the statements of `stopPoints` call this function now and then, and its error ends them.
 */
export const CONTINUE = 'telltale_continue';
/** The code of the error with which a stopped statement ends. */
export const STOPPED = 'TELLTALE_STOPPED';

/** The stopped requests of a thread, in memory that it shares with the main thread. */
export type StopFlag = SharedArrayBuffer;

export const createStopFlag = (): StopFlag => new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);

/** Stops all requests with this number or a lower one. */
export function stopUpTo(flag: StopFlag, number: number): void {
  Atomics.store(new BigInt64Array(flag), 0, BigInt(number));
}

/** The thread's side. */
export interface Stops {
  /** @throws StoppedError if the request has already been stopped. */
  begin(number: number): void;
}

export class StoppedError extends Error {
  readonly code = STOPPED;

  constructor() {
    super('The statement was stopped.');
  }
}

/** Registers the function on a connection. A request that was not begun here is never stopped. */
export function registerStops(connection: Connection, flag: StopFlag): Stops {
  const stopped = new BigInt64Array(flag);
  let current = Number.POSITIVE_INFINITY;
  function check(): void {
    if (Number(Atomics.load(stopped, 0)) >= current) throw new StoppedError();
  }
  connection.function(CONTINUE, () => {
    check();
    return 1;
  });
  return {
    begin(number) {
      current = number;
      check();
    },
  };
}
