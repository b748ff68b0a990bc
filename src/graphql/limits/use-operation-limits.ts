import { type ExecutionArgs, type ExecutionResult, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createEnd } from '../../access/caller.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { Store } from '../../storage/store.ts';
import { type Context, contextOfOperation } from '../context.ts';
import { type LimitedReads, limitReads, type ReadLimits } from './read-limits.ts';

/** The queries that run, on all transports. */
export interface RunningQueries {
  readonly plugin: Plugin<Context>;
  readonly count: number;
  /**
   * Stops them all, and the queries that mutations run: what they read ends, and they answer
   * UNAVAILABLE.
   */
  stop(): void;
}

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** Why reads are stopped when the server stops. */
export const STOPPING = new TelltaleError('UNAVAILABLE', 'The server stops. Ask again in a moment.', {
  retryAfterMs: 1_000,
});
/** Nobody sees it. */
const CLIENT_GONE = new TelltaleError('UNAVAILABLE', 'The client no longer waits for the answer.');

/**
 * Ends the work of a query when it has run for too long, when its client has gone, or when the
 * server stops; and limits what it reads. Mutations are not stopped: what they began to write, they
 * finish. A query that a mutation runs ends when the server stops. Comes after the plugin that sets the executor.
 */
export function limitOperations(reading: Store['reading'], limits: ReadLimits): RunningQueries {
  const running = new Set<LimitedReads>();
  const stopping = createEnd();

  function run(execute: Execute, args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    const context = contextOfOperation(args);
    const limited = limitReads(context, limits);
    const stay = context.client?.onLeave(() => limited.stop(CLIENT_GONE));
    running.add(limited);
    const finish = () => {
      running.delete(limited);
      limited.close();
      stay?.();
    };
    Object.assign(context, { meter: limited.scope.meter });
    const result = reading(limited.scope, () => execute(args));
    if (result instanceof Promise) return result.finally(finish);
    finish();
    return result;
  }

  return {
    get count() {
      return running.size;
    },
    stop() {
      stopping.abort(STOPPING);
      for (const limited of running) limited.stop(STOPPING);
    },
    plugin: {
      onExecute({ args, executeFn, setExecuteFn }) {
        const operation = getOperationAST(args.document, args.operationName);
        Object.assign(args.contextValue, { stopping: stopping.signal });
        if (operation?.operation !== OperationTypeNode.QUERY) return;
        setExecuteFn((given: ExecutionArgs) => run(executeFn, given));
      },
    },
  };
}
