import { AsyncResource } from 'node:async_hooks';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Deliveries } from '../../../live/live.ts';
import { type Context, contextOfOperation, type Services } from '../../context.ts';
import type { MaskError } from '../../errors.ts';
import { createGroup, type Group } from './group.ts';
import { sharingOf } from './shared-context.ts';
import { noteSharedResults, type SharedResults } from './shared-results.ts';

type Results = AsyncIterable<ExecutionResult> | ExecutionResult;

export interface SharedSubscriptionsOptions {
  readonly services: Services;
  readonly maskError: MaskError;
}

/**
 * Runs subscriptions with graphql-js. Subscriptions that follow a live topic and ask for the same
 * data share one subscription to the topic and one execution of each event. Each is authorized
 * separately first: the resolver that opens the source runs in its own context. All other
 * subscriptions, such as those that first catch up, have their own execution. Must come after the
 * plugin that sets the executor.
 */
export function useSharedSubscriptions({ services, maskError }: SharedSubscriptionsOptions): Plugin<Context> {
  const groups = new Map<string, Group>();
  // Belongs to the server, not to the request that subscribed or the one that recorded the event.
  const ownWork = new AsyncResource('SHARED_SUBSCRIPTIONS');

  function masked(result: ExecutionResult): ExecutionResult {
    const { errors, ...rest } = result;
    // graphql-ws writes errors last, too.
    return errors === undefined ? result : { ...rest, errors: errors.map(maskError) };
  }

  function join(args: ExecutionArgs, source: Deliveries<unknown>): SharedResults | null {
    const sharing = sharingOf(args, services);
    if (sharing === null) return null;
    const { key, context } = sharing;
    const known = groups.get(key);
    if (known !== undefined) {
      void source.return?.();
      return known.join();
    }
    const { schema, document, operationName, variableValues } = args;
    const shared = { schema, document, operationName, variableValues, contextValue: context };
    const group: Group = createGroup({
      source,
      portions: services.portions,
      execute: (rootValue) => executeSafely({ ...shared, rootValue }),
      failed: (reason) => ({ errors: [maskError(reason)] }),
      detached: (work) => ownWork.runInAsyncScope(work),
      onEnd() {
        if (groups.get(key) === group) groups.delete(key);
      },
    });
    groups.set(key, group);
    return group.join();
  }

  async function executeSafely(args: ExecutionArgs): Promise<ExecutionResult> {
    try {
      return masked(await execute(args));
    } catch (error) {
      return { errors: [maskError(error)] };
    }
  }

  async function subscribe(args: ExecutionArgs): Promise<Results> {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const results = isDeliveries(source) ? join(args, source) : null;
    if (results === null) return mapAsyncIterator(source, (rootValue) => execute({ ...args, rootValue }));
    noteSharedResults(contextOfOperation(args), results);
    return results;
  }

  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe);
    },
  };
}

function isDeliveries(source: AsyncIterable<unknown>): source is Deliveries<unknown> {
  return 'handTo' in source;
}
