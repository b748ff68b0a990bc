import { type ExecutionArgs, type ExecutionResult, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createEnd } from '../../access/caller.ts';
import type { Config } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { HeldBytes } from '../../core/held-bytes.ts';
import type { Store } from '../../storage/store.ts';
import { type Context, contextOfOperation } from '../context.ts';
import { resultOfError } from '../errors.ts';
import { createQueryTurns, type QueryTurn, tooManyWait } from './query-turns.ts';
import { type LimitedReads, limitReads, type ReadLimits } from './read-limits.ts';

/** The limits of one query, and of all that run. */
export type OperationLimits = ReadLimits & Pick<Config['limits'], 'runningCost'>;

/** What the queries hold in memory. */
export interface OperationMemory {
  readonly held: HeldBytes;
  /** Called before a query runs that may need much. */
  readonly onExpensive?: () => void;
}

/** A query that costs more may have tens of megabytes of objects, which no statement returned. */
const EXPENSIVE = 10_000;

/** The running queries, on all transports. */
export interface RunningQueries {
  readonly plugin: Plugin<Context>;
  readonly count: number;
  /**
   * Stops all of them, including queries that mutations run. Their reads end, and they answer
   * UNAVAILABLE.
   */
  stop(): void;
}

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** Why reads stop when the server stops. */
export const STOPPING = new TelltaleError(
  'UNAVAILABLE',
  'The server is shutting down. Try again in a moment.',
  {
    retryAfterMs: 1_000,
  },
);
/** No client sees this error. */
const CLIENT_GONE = new TelltaleError('UNAVAILABLE', 'The client is no longer waiting for the answer.');

/**
 * Ends the work of a query when it has run for too long, when its client has disconnected, or when
 * the server stops. Limits what the query reads. Expensive queries run one after the other.
 * Mutations are not stopped: they finish what they began to write. A query that a mutation runs
 * ends when the server stops. Must come after the plugins that set the executor and that price.
 */
export function limitOperations(
  reading: Store['reading'],
  limits: OperationLimits,
  { held, onExpensive = () => {} }: OperationMemory,
): RunningQueries {
  const running = new Set<LimitedReads>();
  const turns = createQueryTurns(limits.runningCost);
  const stopping = createEnd();

  /**
   * @param onWritten is called when the query has ended and nothing but the text of its answer is
   * in memory
   */
  function run(execute: Execute, args: ExecutionArgs, onWritten?: () => void): ReturnType<Execute> {
    const context = contextOfOperation(args);
    const limited = limitReads(context, limits, held);
    const stay = context.client?.onLeave(() => limited.stop(CLIENT_GONE));
    running.add(limited);
    Object.assign(context, { meter: limited.scope.meter });
    const close = () => {
      limited.close();
      onWritten?.();
    };
    const finish = () => {
      running.delete(limited);
      limited.end();
      stay?.();
      if (onWritten === undefined || context.client?.onText === undefined) close();
      else context.client.onText(close);
    };
    return endingWith(finish, () => reading(limited.scope, () => execute(args)));
  }

  function runInTurn(execute: Execute, args: ExecutionArgs): ReturnType<Execute> {
    const context = contextOfOperation(args);
    const { price, projectId } = context;
    // What is not valid has no price, and what costs nothing holds nothing.
    if (price == null || price.requested === 0) return run(execute, args);
    const turn = turns.take({ projectId, price: price.requested });
    const runIt = () => {
      if (price.requested >= EXPENSIVE) onExpensive();
      return run(execute, args, turn.end);
    };
    return turn.begun === null ? runIt() : waitFor(turn, context).then(runIt);
  }

  /** @throws TelltaleError OVERLOADED after the time that the query was allowed to run */
  async function waitFor({ begun, giveUp }: QueryTurn, { client, deadlineMs }: Context): Promise<void> {
    const milliseconds = deadlineMs ?? limits.deadlineMs;
    const timer = setTimeout(
      () => giveUp(tooManyWait(`The query waited ${milliseconds} ms for others to end (MAX_RUNNING_COST).`)),
      milliseconds,
    );
    const stay = client?.onLeave(() => giveUp(CLIENT_GONE));
    try {
      await begun;
    } finally {
      clearTimeout(timer);
      stay?.();
    }
  }

  return {
    get count() {
      return running.size;
    },
    stop() {
      stopping.abort(STOPPING);
      turns.giveUp(STOPPING);
      for (const limited of running) limited.stop(STOPPING);
    },
    plugin: {
      onExecute({ args, executeFn, setExecuteFn }) {
        const operation = getOperationAST(args.document, args.operationName);
        Object.assign(args.contextValue, { stopping: stopping.signal });
        if (operation?.operation !== OperationTypeNode.QUERY) return;
        setExecuteFn((given: ExecutionArgs) => orRefusal(() => runInTurn(executeFn, given)));
      },
    },
  };
}

/** Runs the work, then `end`, whether or not the work fails. */
function endingWith<Value>(end: () => void, work: () => Value | Promise<Value>): Value | Promise<Value> {
  let isAsync = false;
  try {
    const result = work();
    isAsync = result instanceof Promise;
    return result instanceof Promise ? result.finally(end) : result;
  } finally {
    if (!isAsync) end();
  }
}

/**
 * A query that gets no turn results in errors only. A rejection would close the client's WebSocket.
 */
function orRefusal(
  run: () => ExecutionResult | Promise<ExecutionResult>,
): ExecutionResult | Promise<ExecutionResult> {
  try {
    const result = run();
    return result instanceof Promise ? result.catch(resultOfError) : result;
  } catch (error) {
    return resultOfError(error);
  }
}
