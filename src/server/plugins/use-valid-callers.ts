import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';

/**
 * Runs nothing for a caller that has lost access since the request began: a body may take minutes,
 * and a closing WebSocket may still send.
 */
export function useValidCallers(): Plugin<Context> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args.contextValue);
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

function refusalOf({ caller: { signal } }: Pick<Context, 'caller'>): GraphQLError | null {
  if (!signal.aborted) return null;
  const extensions = { code: 'UNAUTHENTICATED', http: { status: 401 } };
  return new GraphQLError(String(signal.reason), { extensions });
}
