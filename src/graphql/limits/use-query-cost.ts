import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { TelltaleError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { checkCost, priceQuery, type QueryCost } from './query-cost.ts';

/** The request header that asks for the price of the operation. */
const COST_HEADER = 'telltale-cost';

/** What the transports put into the context: a fetch request, or Node's request. */
interface Requested {
  readonly request?: { readonly headers?: { get?(name: string): string | null } };
  readonly req?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/**
 * Prices each operation before it runs, and refuses what costs more than the limit. The answer
 * shows the price in `extensions.cost` if the header `Telltale-Cost: 1` asks for it, and always
 * when it is above half of the limit. A subscription is priced by one of its results.
 */
export function useQueryCost(limit: number): Plugin {
  function price(args: ExecutionArgs): QueryCost | null {
    const operation = getOperationAST(args.document, args.operationName);
    const { services, caller = {} } = args.contextValue as Partial<Pick<Context, 'services' | 'caller'>>;
    // The executor reports an unknown operation. Other schemas may run without services.
    if (operation == null || services?.clock === undefined) return null;
    const { schema, document, variableValues } = args;
    const now = services.clock.now();
    return priceQuery({ schema, document, operation, variables: variableValues ?? {}, now, caller });
  }

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const priced = attempt(() => price(args));
      if (priced === null) return;
      if (priced instanceof GraphQLError) return setResultAndStopExecution({ errors: [priced] });
      const extensions = { cost: { requested: priced.requested, limit } };
      const shown = priced.requested > limit / 2 || asksForCost(args.contextValue as Requested);
      const refused = attempt(() => checkCost(priced, limit));
      if (refused instanceof GraphQLError)
        return setResultAndStopExecution({ errors: [refused], extensions });
      if (!shown) return;
      return {
        onExecuteDone({ result, setResult }) {
          if (Symbol.asyncIterator in result) return;
          setResult(withCost(result, extensions));
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = attempt(() => {
        const priced = price(args);
        if (priced !== null) checkCost(priced, limit);
      });
      if (refused instanceof GraphQLError) setResultAndStopExecution({ errors: [refused] });
    },
  };
}

/** A refusal is the whole result: 400 for clients of the GraphQL-over-HTTP media type. */
function attempt<Value>(work: () => Value): Value | GraphQLError {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error;
    const { message, code, details } = error;
    return new GraphQLError(message, {
      extensions: { ...details, code, http: { spec: true, status: 400 } },
    });
  }
}

function withCost(result: ExecutionResult, cost: object): ExecutionResult {
  const { extensions, ...rest } = result;
  return { ...rest, extensions: { ...extensions, ...cost } };
}

function asksForCost({ request, req }: Requested): boolean {
  return (request?.headers?.get?.(COST_HEADER) ?? req?.headers?.[COST_HEADER]) === '1';
}
