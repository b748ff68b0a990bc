import type { Caller } from '../../access/caller.ts';
import { checkBetween } from '../../core/check-between.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../lists/page.ts';
import type { FieldInfo } from '../selection.ts';

/** A field of a query to price, before anything is resolved. */
export interface AskedField<From = unknown> {
  /** The arguments as the resolver gets them. */
  // biome-ignore lint/suspicious/noExplicitAny: a field knows the arguments that it declares
  readonly args: any;
  /** The `value` of the field around it. */
  readonly from: From;
  readonly info: FieldInfo;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Who asks: the filter of a read token may need rows where rollup cells would otherwise do. */
  readonly caller: Pick<Caller, 'rows'>;
}

/** What one occurrence of a field costs. */
export interface FieldCost {
  /** The rows or cells that the server may have to read or show for it. */
  readonly rows: number;
  /** How often the fields below it occur. Default: 1. */
  readonly times?: number;
  /** What the fields below need to know about this field. */
  readonly value?: unknown;
  /** True if `rows` counts everything below it. */
  readonly whole?: boolean;
}

/**
 * Computes the cost of a field.
 *
 * @throws TelltaleError for arguments that the resolver will reject: such a field costs nothing.
 */
export type CostOf = (field: AskedField) => FieldCost;

/**
 * Declares what a field costs: spread it into the `extensions` of the field. `From` is what the
 * field around it declares as its `value`.
 */
export const costs = <From>(costOf: (field: AskedField<From>) => FieldCost) => ({ telltaleCost: costOf });

/** A field that reads this many rows, regardless of the selection below it. */
export const costsRows = (rows: number) => costs(() => ({ rows }));

/** A list of `first` rows, each of which is shown. */
export const costsFirst = (defaultFirst: number, most = MAX_PAGE_SIZE) =>
  costs(({ args }) => {
    const first = checkBetween(args.first ?? defaultFirst, most, 'first');
    return { rows: first, times: first };
  });

/** A connection. `edges`, `nodes` and `pageInfo` below it cost what its page holds. */
export const costsConnection = costs(({ args }) => ({
  rows: 0,
  value: checkBetween(args.first ?? args.last ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, 'first'),
}));

/** The items of a page. */
export const costsItems = costs<number>(({ from }) => ({ rows: from, times: from }));

/** The read that finds out whether more pages follow. */
export const costsPage = costs<number>(({ from }) => ({ rows: from }));

/**
 * A count of a list: read from an index or from columns, or from all rows where neither can answer.
 */
export const costsCount = costsRows(100);
