import { setMaxListeners } from 'node:events';
import { type ExecutionArgs, type ExecutionResult, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Config } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import { createReadMeter } from '../../storage/reading.ts';
import type { Store } from '../../storage/store.ts';
import type { Context } from '../context.ts';

/** The queries that run, on all transports. */
export interface RunningQueries {
  readonly plugin: Plugin;
  readonly count: number;
  /** Stops them all: what they read ends, and they answer UNAVAILABLE. */
  stop(): void;
}

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;
type Limits = Pick<Config['limits'], 'deadlineMs' | 'readRows' | 'readBytes' | 'readCells'>;

/** Why reads are stopped when the server stops. */
export const STOPPING = new TelltaleError('UNAVAILABLE', 'The server stops. Ask again in a moment.', {
  retryAfterMs: 1_000,
});
/** Nobody sees it. */
const CLIENT_GONE = new TelltaleError('UNAVAILABLE', 'The client no longer waits for the answer.');

/**
 * Ends the work of a query when it has run for too long, when its client has gone, or when the
 * server stops; and limits what it reads. Mutations are not stopped: what they began to write, they
 * finish. Comes after the plugin that sets the executor.
 */
export function limitOperations(reading: Store['reading'], limits: Limits): RunningQueries {
  const running = new Set<AbortController>();

  function run(execute: Execute, args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    const { projectId, signal, deadlineMs = limits.deadlineMs } = args.contextValue as Context;
    const controller = new AbortController();
    // Each read that runs or waits listens.
    setMaxListeners(Number.POSITIVE_INFINITY, controller.signal);
    const leave = () => controller.abort(CLIENT_GONE);
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    const timer = setTimeout(() => controller.abort(tooLong(deadlineMs)), deadlineMs);
    running.add(controller);
    const finish = () => {
      running.delete(controller);
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    const { readRows: rows, readBytes: bytes, readCells: cells } = limits;
    const meter = createReadMeter({ rows, bytes, cells }, (error) => controller.abort(error));
    Object.assign(args.contextValue as Context, { meter });
    const result = reading({ signal: controller.signal, meter, projectId }, () => execute(args));
    if (result instanceof Promise) return result.finally(finish);
    finish();
    return result;
  }

  return {
    get count() {
      return running.size;
    },
    stop() {
      for (const controller of running) controller.abort(STOPPING);
    },
    plugin: {
      onExecute({ args, executeFn, setExecuteFn }) {
        const operation = getOperationAST(args.document, args.operationName);
        if (operation?.operation !== OperationTypeNode.QUERY) return;
        setExecuteFn((given: ExecutionArgs) => run(executeFn as Execute, given));
      },
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
