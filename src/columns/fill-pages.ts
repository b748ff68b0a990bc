import type { FollowingPage } from './copied-table.ts';
import type { PageSize } from './page-size.ts';
import type { CopyPosition, MissingRows, RowPage, RowSource } from './row-source.ts';

/**
 * The number of rows that DuckDB compresses together. It writes as many rows of one transaction
 * only once, without a log.
 */
export const ROWS_TOGETHER = 122_880;
/**
 * Rows take memory until they are compressed. So fewer rows with long attributes are stored
 * together.
 */
const MAX_CHARACTERS = 64_000_000;

/** A page was stored by a transaction that is still filling the table. */
export interface FilledPage {
  readonly count: number;
  /** The maximum number of rows that are left after it. */
  readonly left: number;
  /** How long it took to read and to store it. */
  readonly workedMs: number;
}

export interface FillingOptions {
  readonly source: Pick<RowSource, 'connections'>;
  readonly position: CopyPosition;
  readonly size: PageSize;
  readonly mostRows: number;
  /** Reads the rows after a position. */
  read(after: CopyPosition, limit: number): Promise<MissingRows>;
  /** @returns the maximum number of rows of the next page; 0: there is none */
  stored(page: FilledPage): Promise<number>;
}

/** The database was reconnected: rows that are not stored yet may come from another database. */
export class ConnectedAnew extends Error {}

/**
 * The pages after a position, for one transaction. Ends before a removed project and before a
 * correction, because these concern rows that are already stored.
 *
 * @throws ConnectedAnew
 */
export async function* pagesToFill(options: FillingOptions): AsyncGenerator<FollowingPage> {
  const { source, size, read, stored } = options;
  const { connections } = source;
  let { position, mostRows } = options;
  let [rows, characters] = [0, 0];
  while (mostRows > 0 && rows < ROWS_TOGETHER && characters < MAX_CHARACTERS) {
    const start = performance.now();
    const missing = await read(position, Math.min(size.rows, mostRows));
    if (source.connections !== connections) throw new ConnectedAnew();
    const next = nextOf(missing, position);
    if (next === null) return;
    yield next;
    const { page, correction = position.correction } = next;
    position = { ...position, rows: next.rows, correction };
    size.note(page);
    rows += page.count;
    characters += charactersOf(page);
    mostRows = await stored({
      count: page.count,
      left: missing.left,
      workedMs: performance.now() - start,
    });
    if (missing.left <= 0) return;
  }
}

/** @returns null if something else comes first */
function nextOf(
  { removals, correction, lastCorrection, page, rows }: MissingRows,
  position: CopyPosition,
): FollowingPage | null {
  if (page === null || removals.length > 0) return null;
  // The first rows already have all earlier corrections.
  if (position.rows === '') return { page, rows, correction: lastCorrection ?? undefined };
  return correction === null ? { page, rows } : null;
}

const charactersOf = ({ columns }: RowPage): number =>
  columns.reduce((sum, column) => sum + column.length, 0);
