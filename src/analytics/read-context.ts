import { defined } from '../core/defined.ts';
import type { Portions } from '../runtime/portions.ts';
import type { AnalyticsFunctions } from '../storage/dialect/analytics-functions.ts';
import type { Store } from '../storage/store.ts';

/** What the SQL of a question about the database needs. */
export type SqlContext = Pick<Store, 'query' | 'functions' | 'reading' | 'count'>;

/** What the SQL of a question about rows needs: of the database, or of its copy by columns. */
export type RowsContext = Pick<Store, 'query' | 'reading'> & { readonly functions: AnalyticsFunctions };

/** What the read path needs, to read and to fold. */
export interface ReadContext extends SqlContext, Portions {
  /** The copy by columns, if there is one. */
  readonly columns: RowsContext | undefined;
}

/** @throws if rows are to come from columns that do not exist. */
export function rowsContext(context: ReadContext, source: 'RAW' | 'COLUMNS'): RowsContext {
  return source === 'RAW' ? context : defined(context.columns);
}
