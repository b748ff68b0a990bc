import { type ExecutionArgs, type ExecutionResult, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createEnd } from '../../access/caller.ts';
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
  const running = new Set<Stop>();

  function run(execute: Execute, args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    const { projectId, client, deadlineMs = limits.deadlineMs } = args.contextValue as Context;
    const stop = createStop();
    const stay = client?.onLeave(() => stop.abort(CLIENT_GONE));
    const timer = setTimeout(() => stop.abort(tooLong(deadlineMs)), deadlineMs);
    running.add(stop);
    const finish = () => {
      running.delete(stop);
      clearTimeout(timer);
      stay?.();
    };
    const { readRows: rows, readBytes: bytes, readCells: cells } = limits;
    const meter = createReadMeter({ rows, bytes, cells }, stop.abort);
    Object.assign(args.contextValue as Context, { meter });
    const scope = {
      get signal() {
        return stop.signal;
      },
      ...{ meter, projectId },
    };
    const result = reading(scope, () => execute(args));
    if (result instanceof Promise) return result.finally(finish);
    finish();
    return result;
  }

  return {
    get count() {
      return running.size;
    },
    stop() {
      for (const query of running) query.abort(STOPPING);
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

interface Stop {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
}

/** Makes its signal when somebody asks for it: to make one costs more than a small operation. */
function createStop(): Stop {
  let controller: AbortController | null = null;
  let stopped: { readonly reason: unknown } | null = null;
  return {
    get signal() {
      // Each read that runs or waits listens.
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
