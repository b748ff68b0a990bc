import { setMaxListeners } from 'node:events';
import type { Config } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import { createReadMeter, type ReadScope } from '../../storage/reading.ts';
import type { Context } from '../context.ts';

/** The limits of what one query reads. */
export type ReadLimits = Pick<Config['limits'], 'deadlineMs' | 'readRows' | 'readBytes' | 'readCells'>;

/** The limits of a query that runs. */
export interface LimitedReads {
  /** For `store.reading`. */
  readonly scope: Partial<ReadScope>;
  /** Stops its reads: they reject with the reason. */
  stop(reason: TelltaleError): void;
  /** Call it when the query has ended. */
  close(): void;
}

/** Starts the deadline of a query of this caller, and counts what it reads. */
export function limitReads(
  { projectId, deadlineMs }: Pick<Context, 'projectId' | 'deadlineMs'>,
  limits: ReadLimits,
): LimitedReads {
  const controller = new AbortController();
  // Each read that runs or waits listens.
  setMaxListeners(Number.POSITIVE_INFINITY, controller.signal);
  const { readRows: rows, readBytes: bytes, readCells: cells } = limits;
  const milliseconds = deadlineMs ?? limits.deadlineMs;
  const timer = setTimeout(() => controller.abort(tooLong(milliseconds)), milliseconds);
  const meter = createReadMeter({ rows, bytes, cells }, (error) => controller.abort(error));
  return {
    scope: { signal: controller.signal, meter, projectId },
    stop: (reason) => controller.abort(reason),
    close: () => clearTimeout(timer),
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
