import { defined } from '../core/defined.ts';
import type { Portions } from '../runtime/portions.ts';
import type { AnalyticsFunctions } from '../storage/dialect/analytics-functions.ts';
import type { Store } from '../storage/store.ts';
import type { RowsOrigin } from './cover.ts';

/** What the SQL of a question needs from the database. */
export type SqlContext = Pick<Store, 'query' | 'functions' | 'reading' | 'count'>;

/** What the SQL of a question about rows needs from the database or its columnar copy. */
export interface RowsContext extends Pick<Store, 'query' | 'reading'>, Portions {
  readonly functions: AnalyticsFunctions;
}

/** What the read path needs to read and to fold. */
export interface ReadContext extends SqlContext, Portions {
  /** The columnar copy, if there is one. */
  readonly columns: RowsContext | undefined;
  /** The archived days that the question reads, if it reads any. */
  readonly archive?: RowsContext | undefined;
}

/** @throws if the rows should come from an origin that does not exist. */
export function rowsContext(context: ReadContext, origin: RowsOrigin): RowsContext {
  if (origin === 'RAW') return context;
  return defined(origin === 'COLUMNS' ? context.columns : context.archive);
}
