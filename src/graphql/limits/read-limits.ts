import { createEnd } from '../../access/caller.ts';
import type { Config } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import { createReadMeter, type HeldBytes, type ReadMeter, type ReadScope } from '../../storage/reading.ts';
import type { Context } from '../context.ts';

/** The limits for what one query reads. */
export type ReadLimits = Pick<Config['limits'], 'deadlineMs' | 'readRows' | 'readBytes' | 'readCells'>;

/** The limits of a running query. */
export interface LimitedReads {
  /** For `store.reading`. */
  readonly scope: Partial<ReadScope> & { readonly meter: ReadMeter };
  /** Stops its reads: they reject with the reason. */
  stop(reason: TelltaleError): void;
  /** Must be called when the query has ended. */
  close(): void;
}

/**
 * Starts the deadline of a caller's query, and counts what it reads.
 *
 * @param held what all queries hold together; by default, the query is part of another operation
 */
export function limitReads(
  { projectId, deadlineMs }: Pick<Context, 'projectId' | 'deadlineMs'>,
  limits: ReadLimits,
  held?: HeldBytes,
): LimitedReads {
  const stop = createStop();
  const { readRows: rows, readBytes: bytes, readCells: cells } = limits;
  const milliseconds = deadlineMs ?? limits.deadlineMs;
  const timer = setTimeout(() => stop.abort(tooLong(milliseconds)), milliseconds);
  const meter = createReadMeter(
    { rows, bytes, cells },
    {
      onTooMuch: stop.abort,
      ...(held && { held }),
    },
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
    close() {
      clearTimeout(timer);
      meter.close();
    },
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

function tooLong(deadlineMs: number): TelltaleError {
  return new TelltaleError(
    'QUERY_TOO_COMPLEX',
    `The query did not end within ${deadlineMs} ms (QUERY_DEADLINE_MS). Ask for a shorter range, fewer ` +
      'groups, a coarser grain or a smaller `first`.',
    { deadlineMs },
  );
}
