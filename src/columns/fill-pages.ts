import type { FollowingPage } from './copied-table.ts';
import type { PageSize } from './page-size.ts';
import type { CopyPosition, MissingRows, RowPage, RowSource } from './row-source.ts';

/** Rows that DuckDB compresses together: it writes so many of one transaction once, and without a log. */
export const ROWS_TOGETHER = 122_880;
/** They take memory until they are compressed: with long attributes, fewer rows are stored together. */
const MAX_CHARACTERS = 64_000_000;

/** A page of a filling was stored, in a transaction that goes on. */
export interface FilledPage {
  readonly count: number;
  /** How many rows are left after it, at most. */
  readonly left: number;
  /** How long it took to read and to store it. */
  readonly workedMs: number;
}

export interface FillingOptions {
  readonly source: Pick<RowSource, 'connections'>;
  readonly position: CopyPosition;
  readonly size: PageSize;
  readonly mostRows: number;
  /** Reads what follows a position. */
  read(after: CopyPosition, limit: number): Promise<MissingRows>;
  /** @returns how many rows the next page may have at most; 0: there is to be none */
  stored(page: FilledPage): Promise<number>;
}

/** The database was connected anew: rows that are not stored yet may be of another one. */
export class ConnectedAnew extends Error {}

/**
 * The pages that follow a position, for one transaction. Ends before a removed project and before a
 * correction: these are about rows that are stored.
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
  // The first rows have all corrections that were there before them.
  if (position.rows === '') return { page, rows, correction: lastCorrection ?? undefined };
  return correction === null ? { page, rows } : null;
}

const charactersOf = ({ columns }: RowPage): number =>
  columns.reduce((sum, column) => sum + column.length, 0);
