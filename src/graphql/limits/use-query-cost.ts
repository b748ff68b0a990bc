import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { TelltaleError } from '../../core/errors.ts';
import { type Context, contextOfOperation } from '../context.ts';
import { checkCost, priceQuery, type QueryCost } from './query-cost.ts';

/** The request header that asks for the price of the operation. */
const COST_HEADER = 'telltale-cost';

/**
 * What the context of an operation contains about its cost, and what transports add: a fetch
 * request, or Node's request.
 */
interface CostContext extends Pick<Context, 'account' | 'meter'> {
  price?: QueryCost | null;

  readonly request?: { readonly headers?: { get?(name: string): string | null } };
  readonly req?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/**
 * Prices each operation before it runs, and rejects one that costs more than the limit. The answer
 * shows the price in `extensions.cost`: if the header `Telltale-Cost: 1` asks for it, and always
 * above half of the limit. The price of a subscription is that of one result.
 */
export function useQueryCost(limit: number): Plugin<Context> {
  function price(args: ExecutionArgs): QueryCost | null {
    const operation = getOperationAST(args.document, args.operationName);
    const { services, caller }: Partial<Context> = contextOfOperation(args);
    // The executor reports an unknown operation. Other schemas may run without services.
    if (operation == null || services?.clock === undefined) return null;
    const { schema, document, variableValues } = args;
    const now = services.clock.now();
    return priceQuery({
      schema,
      document,
      operation,
      variables: variableValues ?? {},
      now,
      caller: caller ?? {},
    });
  }

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const priced = attempt(() => price(args));
      if (priced === null) return;
      if (priced instanceof GraphQLError) return setResultAndStopExecution({ errors: [priced] });
      const context = costContextOf(args);
      context.price = priced;
      const cost = { requested: priced.requested, limit };
      const shown = priced.requested > limit / 2 || asksForCost(context);
      const refused = attempt(() => checkCost(priced, limit));
      if (refused instanceof GraphQLError)
        return setResultAndStopExecution({ errors: [refused], extensions: { cost } });
      if (!shown) return;
      return {
        onExecuteDone({ result, setResult }) {
          if (Symbol.asyncIterator in result) return;
          const actual = context.meter && { rowsRead: context.meter.rowsRead };
          setResult(withCost(result, { ...cost, ...(actual && { actual }) }));
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = attempt(() => {
        const priced = price(args);
        if (priced !== null) checkCost(priced, limit);
        costContextOf(args).price = priced;
      });
      if (refused instanceof GraphQLError) setResultAndStopExecution({ errors: [refused] });
    },
  };
}

/** A rejection is the whole result: 400 for clients that speak the GraphQL-over-HTTP media type. */
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

export const costContextOf = (args: ExecutionArgs): CostContext => contextOfOperation(args);

/** The result with the cost in its extensions. */
export function withCost(result: ExecutionResult, cost: object): ExecutionResult {
  const { extensions, ...rest } = result;
  return { ...rest, extensions: { ...extensions, cost } };
}

/** Whether the client wants to see the cost. */
export function asksForCost({ request, req }: CostContext): boolean {
  return (request?.headers?.get?.(COST_HEADER) ?? req?.headers?.[COST_HEADER]) === '1';
}
