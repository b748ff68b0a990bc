import { GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { InvalidArgument } from '../core/errors.ts';
import { isPosition, type Replica, type ReplicaUse, replicaUse } from '../storage/replica.ts';
import type { Context } from './context.ts';
import { visibleError } from './errors.ts';

const READ_AFTER_HEADER = 'telltale-read-after';

type Headers = Readonly<Record<string, unknown>>;

/** What transports add to the context. */
interface Asking {
  readonly params?: GraphQLParams;
  readonly req?: { readonly headers: Headers };
}

/**
 * Lets a replica answer queries about events. `extensions.replica` says how far it was behind.
 *
 * Answers to mutations carry a position in `extensions.position`. A query that sends it back, in
 * the header `Telltale-Read-After` or in its own `extensions.readAfter`, sees the mutation's
 * changes.
 */
export function useReplica(): Plugin<Context> {
  return {
    onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const { services, ...asking }: Partial<Context> & Asking = args.contextValue;
      const store = services?.store;
      if (store == null || store.replica === null) return;
      const { replica } = store;
      const operation = getOperationAST(args.document, args.operationName)?.operation;
      if (operation === OperationTypeNode.MUTATION) return { onExecuteDone: addPosition(replica) };
      if (operation !== OperationTypeNode.QUERY) return;
      const use = useOf(asking);
      if (use instanceof GraphQLError) return setResultAndStopExecution({ errors: [use] });
      setExecuteFn((given) => store.reading({ replica: use }, () => executeFn(given)));
      return {
        onExecuteDone({ result, setResult }) {
          if (use.behindMs === null || Symbol.asyncIterator in result) return;
          const { behindMs } = use;
          setResult({ ...result, extensions: { ...result.extensions, replica: { behindMs } } });
        },
      };
    },
  };
}

type Done = NonNullable<
  Exclude<Awaited<ReturnType<NonNullable<Plugin['onExecute']>>>, void>
>['onExecuteDone'];

const addPosition =
  (replica: Pick<Replica, 'position'>): Done =>
  async ({ result, setResult }) => {
    if (Symbol.asyncIterator in result) return;
    // The write succeeded. If no position is available, the client reads without one.
    const position = await replica.position().catch(() => null);
    if (position !== null) setResult({ ...result, extensions: { ...result.extensions, position } });
  };

/** @throws InvalidArgument for an invalid position */
export const useOfHeaders = (headers: Headers): ReplicaUse => useAfter(headers[READ_AFTER_HEADER]);

/** The error if the request has an invalid position. */
function useOf({ params, req }: Asking): ReplicaUse | GraphQLError {
  try {
    return useAfter(params?.extensions?.['readAfter'] ?? req?.headers[READ_AFTER_HEADER]);
  } catch (error) {
    const shown = visibleError(error);
    if (shown === null) throw error;
    return shown;
  }
}

function useAfter(given: unknown): ReplicaUse {
  if (given === undefined || given === null) return replicaUse(null);
  const after = String(given);
  if (isPosition(after)) return replicaUse(after);
  throw new InvalidArgument(
    `Telltale-Read-After is "${after.slice(0, 40)}": it must be the \`extensions.position\` of the answer to a mutation, such as "0/16B3748".`,
    'Telltale-Read-After',
  );
}
