import type { Dataset } from '../core/dataset/dataset.ts';
import { MINUTE_MS } from '../core/time/units.ts';
import { type Columns, ColumnsUnavailable } from './columns.ts';

/** A columnar copy of the rows. */
export interface ColumnsCopy {
  readonly copy: Columns;
  /** Receives failures of the copy, at most once a minute. */
  readonly log: { warn(details: object, message: string): void };
}

/** The answer of the columns, or why there is none, for users. */
export type FromColumns<Found> = { readonly found: Found } | { readonly why: string };

/**
 * Reads from the copy once it has every event of the dataset that is committed now. If it cannot
 * answer, at first or halfway, the rows must.
 */
export type ReadColumns = <Found>(
  dataset: Pick<Dataset, 'name'>,
  read: () => Promise<Found>,
) => Promise<FromColumns<Found>>;

export function createReadColumns({ copy, log }: ColumnsCopy): ReadColumns {
  let silentUntil = Number.NEGATIVE_INFINITY;

  function report(err: ColumnsUnavailable): void {
    if (performance.now() < silentUntil) return;
    silentUntil = performance.now() + MINUTE_MS;
    log.warn({ err }, 'The columns could not answer, so rows or cells did');
  }

  return async (dataset, read) => {
    const why = await copy.catchUp(dataset);
    if (why !== null) return { why };
    try {
      return { found: await read() };
    } catch (error) {
      if (!(error instanceof ColumnsUnavailable)) throw error;
      report(error);
      return { why: error.message };
    }
  };
}
