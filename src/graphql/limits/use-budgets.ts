import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Account } from '../../access/budgets/budgets.ts';
import { SECONDS } from '../../access/budgets/counters.ts';
import type { Standing } from '../../access/budgets/quotas-of.ts';
import { inWords } from '../../access/budgets/refusals.ts';
import { TelltaleError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import type { QuotaName } from '../../core/quotas.ts';
import type { Context } from '../context.ts';
import { visibleError } from '../errors.ts';
import { checkCost } from './query-cost.ts';
import { asksForCost, costContextOf, withCost } from './use-query-cost.ts';

/** Answers show what remains of a quota when less than this share remains. */
const NEAR_LIMIT = 0.2;

/**
 * Charges the price of each operation to the quotas of its caller before the operation runs; a
 * subscription pays once. Rejects with RATE_LIMITED what exceeds them. The answer shows what
 * remains in `extensions.cost`: if `Telltale-Cost: 1` asks for it, and always near a limit. Must
 * come after the plugin that prices.
 */
export function useBudgets(limit: number): Plugin<Context> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const context = costContextOf(args);
      const { account, price } = context;
      if (account == null) return;
      const asked = asksForCost(context);
      const shown = (result: ExecutionResult): ExecutionResult => {
        const standings = account.standings();
        const isShown = asked || standings.some(isNearLimit) || isRateLimited(result);
        if (!isShown || standings.length === 0) return result;
        const cost = result.extensions?.['cost'];
        return withCost(result, {
          ...(price != null && { requested: price.requested, limit }),
          ...(isObject(cost) && cost),
          ...show(standings),
        });
      };
      return pay(account, price, asked).then((refusal) => {
        if (refusal !== null) return setResultAndStopExecution(shown({ errors: [refusal] }));
        return {
          onExecuteDone({ result, setResult }) {
            if (!(Symbol.asyncIterator in result)) setResult(shown(result));
          },
        };
      });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { account, price } = costContextOf(args);
      if (account == null) return;
      return pay(account, price, false).then((refusal) => {
        if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
      });
    },
  };
}

/**
 * @param asked whether the answer shows what remains, even if the operation costs nothing
 * @returns why the operation may not run; null if it may. An operation without a price is not
 *   valid.
 */
async function pay(account: Account, price: Context['price'], asked: boolean): Promise<GraphQLError | null> {
  if (price == null || (price.requested === 0 && !asked)) return null;
  try {
    const { costQuota } = account;
    if (costQuota !== undefined) checkCost(price, costQuota.limit, inWords(costQuota));
    await account.takeQueryCost(price.requested);
    return null;
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error;
    return visibleError(error);
  }
}

const isNearLimit = ({ quota, remaining }: Standing) => remaining < quota.limit * NEAR_LIMIT;

const isRateLimited = ({ errors = [] }: ExecutionResult) =>
  errors.some((error) => visibleError(error)?.extensions['code'] === 'RATE_LIMITED');

const NAMES: Readonly<Record<QuotaName, string>> = {
  // The name that Shopify's API uses.
  queryCostPerMinute: 'throttleStatus',
  eventsPerMinute: 'eventsPerMinute',
  eventsPerDay: 'eventsPerDay',
};

/** Shows each quota once: if both the key and the address have it, the one with less remaining. */
function show(standings: readonly Standing[]): object {
  const mostFirst = standings.toSorted((one, other) => other.remaining - one.remaining);
  return Object.fromEntries(
    mostFirst.map(({ quota, remaining, resetAfterMs }) => [
      NAMES[quota.name],
      {
        maximumAvailable: quota.limit,
        currentlyAvailable: remaining,
        // An average: the whole quota is restored at once when the window ends.
        restoreRate: Math.round((quota.limit / SECONDS[quota.window]) * 1000) / 1000,
        resetAfterMs,
      },
    ]),
  );
}
