import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined } from '../../core/defined.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { Store } from '../../storage/store.ts';
import { readPage, readShapes, type StoredShape } from '../stored-tables.ts';
import { copyCorrections } from './copy-corrections.ts';
import { copyEvents, NOTHING_COPIED } from './copy-events.ts';
import { copyTable, type Fingerprint, fingerprint, removeOthers, type TablePair } from './copy-table.ts';
import { readMarker, removeMarker, writeMarker } from './marker.ts';

export interface CopyOptions {
  readonly source: Store;
  /**
   * Must be opened with `datasets`, and additionally with each of them as returned by `plainOf`.
   */
  readonly target: Store;
  /** Identifies the source, so that no other is mixed in later. */
  readonly sourceName: string;
  readonly datasets: readonly Dataset[];
  /** A dataset without anything derived from its events. */
  readonly plainOf: (dataset: Dataset) => Dataset;
  readonly onRows: (rows: number, table: string) => void;
}

/** A database copy in progress. */
export interface DatabaseCopy {
  /**
   * Copies what the target lacks, and what has changed.
   *
   * @returns how many rows were written or removed
   */
  pass(): Promise<number>;
  /**
   * Compares all tables. If all tables are equal, including checksums, the copy ends: the target is
   * complete.
   */
  verify(options: { readonly checksum: boolean }): Promise<readonly TableCheck[]>;
  /** Forgets that the target is a copy. Whatever is stored there from now on is its own. */
  finish(): Promise<void>;
}

export interface TableCheck {
  readonly table: string;
  readonly source: Fingerprint;
  readonly target: Fingerprint;
  readonly isEqual: boolean;
}

/** Tables that a copy makes itself, or that describe what is running now. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  '_prisma_migrations',
  'arrivals',
  'budget_windows',
  'leases',
  'project_removals',
  'row_corrections',
]);
/** Even a new database has rows in these tables. */
const NEVER_EMPTY: ReadonlySet<string> = new Set(['projects', 'rollup_layouts']);

/**
 * Begins a copy, or continues one.
 *
 * @throws TelltaleError CONFLICT if the target has rows of its own, or is a copy of another
 *   database
 */
export async function beginCopy(options: CopyOptions): Promise<DatabaseCopy> {
  const { source, target, sourceName, datasets, plainOf, onRows } = options;
  const [shapes, targetShapes] = await Promise.all([readShapes(source), readShapes(target)]);
  const copied = [...shapes.values()].filter(({ table }) => !NOT_COPIED.has(table));
  const pairs = new Map<string, TablePair>(
    copied.map((shape) => [
      shape.table,
      { source, target, shape, targetShape: defined(targetShapes.get(shape.table)) },
    ]),
  );
  const marker = await readMarker(target);
  if (marker === null) await expectEmpty(target, [...pairs.values()]);
  else if (marker.source !== sourceName) throw ofAnother(marker.source);
  let positions = marker?.positions ?? {};
  await writeMarker(target, { source: sourceName, positions });
  const eventTables = new Map(datasets.map((dataset) => [dataset.table, dataset]));

  async function passEvents(dataset: Dataset): Promise<number> {
    const pair = defined(pairs.get(dataset.table));
    const copy = { source, target, dataset, plain: plainOf(dataset), shape: pair.shape };
    let rows = 0;
    await copyEvents(copy, positions[dataset.name] ?? NOTHING_COPIED, async (position, events) => {
      rows += events;
      positions = { ...positions, [dataset.name]: position };
      await writeMarker(target, { source: sourceName, positions });
      onRows(rows, dataset.table);
    });
    const position = positions[dataset.name] ?? NOTHING_COPIED;
    rows += await copyCorrections(
      pair,
      { dataset, after: position.corrections ?? 0 },
      async (corrections) => {
        positions = { ...positions, [dataset.name]: { ...position, corrections } };
        await writeMarker(target, { source: sourceName, positions });
      },
    );
    // Retention and the deletion of projects may have removed rows meanwhile.
    return rows + (await removeOthers(pair));
  }

  return {
    async pass() {
      let changed = 0;
      for (const [table, pair] of pairs) {
        const dataset = eventTables.get(table);
        const rows = await (dataset === undefined ? copyTable(pair) : passEvents(dataset));
        if (rows > 0) onRows(rows, table);
        changed += rows;
      }
      return changed;
    },
    async verify(how) {
      const checks: TableCheck[] = [];
      for (const { shape, targetShape } of pairs.values()) {
        const ofSource = await fingerprint(source, shape, how);
        const ofTarget = await fingerprint(target, targetShape, how);
        const isEqual = ofSource.rows === ofTarget.rows && ofSource.checksum === ofTarget.checksum;
        checks.push({ table: shape.table, source: ofSource, target: ofTarget, isEqual });
        onRows(ofTarget.rows, shape.table);
      }
      return checks;
    },
    finish: () => removeMarker(target),
  };
}

async function expectEmpty({ query }: Store, pairs: readonly TablePair[]): Promise<void> {
  for (const { targetShape } of pairs) {
    if (NEVER_EMPTY.has(targetShape.table)) continue;
    const rows = await readPage(query, targetShape, { limit: 1 });
    if (rows.length > 0) throw notEmpty(targetShape);
  }
}

const notEmpty = ({ table }: StoredShape): TelltaleError =>
  new TelltaleError(
    'CONFLICT',
    `--to: the database has rows in ${table}. A copy needs a new database, or one with an unfinished copy.`,
  );

const ofAnother = (source: string): TelltaleError =>
  new TelltaleError('CONFLICT', `--to: the database is an unfinished copy of ${source}.`);
