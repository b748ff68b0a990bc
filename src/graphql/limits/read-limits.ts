import { createEnd } from '../../access/caller.ts';
import type { Config } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { HeldBytes } from '../../core/held-bytes.ts';
import { createReadMeter, type ReadMeter, type ReadScope } from '../../storage/reading.ts';
import type { Context } from '../context.ts';
import { tooManyWait } from './query-turns.ts';

/** The limits for what one query reads. */
export type ReadLimits = Pick<Config['limits'], 'deadlineMs' | 'readRows' | 'readBytes' | 'readCells'>;

/** Up to this price a query reads so few rows that it waits for none that holds much. */
const SMALL = 50;

/** The limits of a query that runs. */
export interface LimitedReads {
  /** For `store.reading`. */
  readonly scope: Partial<ReadScope> & { readonly meter: ReadMeter };
  /** Stops its reads: they reject with the reason. */
  stop(reason: TelltaleError): void;
  /** Call it when the query has ended: its deadline no longer counts. */
  end(): void;
  /** Call it when nothing of what it has read is in memory. */
  close(): void;
}

/**
 * Starts the deadline of a caller's query, and counts what it reads.
 *
 * @param held what all queries hold together; by default, the query is part of another operation
 */
export function limitReads(
  { projectId, deadlineMs, price }: Pick<Context, 'projectId' | 'deadlineMs' | 'price'>,
  limits: ReadLimits,
  held?: HeldBytes,
): LimitedReads {
  const stop = createStop();
  const { readRows: rows, readBytes: bytes, readCells: cells } = limits;
  const milliseconds = deadlineMs ?? limits.deadlineMs;
  const isSmall = (price?.requested ?? 0) <= SMALL;
  const holding = held?.open({ projectId, isSmall }) ?? null;
  const meter = createReadMeter({ rows, bytes, cells }, { onTooMuch: stop.abort, holding });
  const timer = setTimeout(
    () => stop.abort(holding?.lacksRoom ? waitedTooLong(milliseconds) : tooLong(milliseconds)),
    milliseconds,
  );
  return {
    scope: {
      get signal() {
        return stop.signal;
      },
      meter,
      projectId,
    },
    stop: stop.abort,
    end: () => clearTimeout(timer),
    close: meter.close,
  };
}

interface Stop {
  readonly signal: AbortSignal;
  abort(reason: TelltaleError): void;
}

/** Creates the signal on demand: creating one costs more than a small operation. */
function createStop(): Stop {
  let controller: AbortController | null = null;
  let stopped: { readonly reason: TelltaleError } | null = null;
  return {
    get signal() {
      // Each read that runs or waits adds a listener.
      controller ??= createEnd();
      if (stopped !== null) controller.abort(stopped.reason);
      return controller.signal;
    },
    abort(reason) {
      stopped ??= { reason };
      controller?.abort(stopped.reason);
    },
  };
}

const waitedTooLong = (milliseconds: number): TelltaleError =>
  tooManyWait(
    `The query waited for others: after ${milliseconds} ms they still held too much in memory (MAX_RUNNING_BYTES).`,
  );

function tooLong(deadlineMs: number): TelltaleError {
  return new TelltaleError(
    'QUERY_TOO_COMPLEX',
    `The query did not end within ${deadlineMs} ms (QUERY_DEADLINE_MS). Ask for a shorter range, fewer ` +
      'groups, a coarser grain or a smaller `first`.',
    { deadlineMs },
  );
}
