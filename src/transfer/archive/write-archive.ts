import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { type Pack, pack } from 'tar-stream';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined } from '../../core/defined.ts';
import { readHorizons } from '../../storage/horizons.ts';
import type { Store } from '../../storage/store.ts';
import { type MovedRow, readAll, readShapes, type StoredShape } from '../stored-tables.ts';
import {
  ARCHIVE_FORMAT,
  archivedTables,
  END,
  LEFT_OUT_IN_WORDS,
  MANIFEST,
  type Manifest,
  PRICES,
  writeLine,
} from './contents.ts';

export interface ArchiveOptions {
  readonly store: Store;
  readonly projectId: string;
  readonly datasets: readonly Dataset[];
  /** The version of telltale. */
  readonly version: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The file with the server's prices; null: it has none. */
  readonly pricesFile: string | null;
  /** Called with the number of rows so far, and the table that is being read. */
  readonly onRows: (rows: number, table: string) => void;
}

/** The maximum number of rows of a member. One member is in memory at a time. */
const ROWS_PER_MEMBER = 1_000;

/** Everything about a project as a tar: a stream that is filled while it is read. */
export function writeArchive(options: ArchiveOptions): {
  readonly tar: Pack;
  readonly written: Promise<Counts>;
} {
  const tar = pack();
  const written = fill(tar, options);
  // Passes the error to the reader of the stream; `written` rejects with it as well.
  written.catch((error: Error) => tar.destroy(error));
  return { tar, written };
}

/** The number of rows of each table. */
export type Counts = Readonly<Record<string, number>>;

async function fill(tar: Pack, options: ArchiveOptions): Promise<Counts> {
  const { store, projectId, datasets, pricesFile, onRows } = options;
  const rowsFrom = await readRowsFrom(options);
  await addMember(tar, MANIFEST, JSON.stringify(await makeManifest(options, rowsFrom), null, 2));
  if (pricesFile !== null) await addMember(tar, PRICES, await buffer(createReadStream(pricesFile)));
  const shapes = await readShapes(store);
  const counts: Record<string, number> = {};
  let all = 0;
  for (const shape of archivedTables(shapes, new Set(datasets.map(({ table }) => table)))) {
    let members = 0;
    counts[shape.table] = 0;
    for await (const rows of readAll(store, shape, { limit: ROWS_PER_MEMBER, projectId })) {
      const kept = rows.filter((row) => isKept(shape, row, rowsFrom));
      all += rows.length;
      onRows(all, shape.table);
      if (kept.length === 0) continue;
      const name = `${shape.table}/${String(++members).padStart(6, '0')}.jsonl`;
      await addMember(tar, name, kept.map((row) => writeLine(shape, row)).join(''));
      counts[shape.table] = defined(counts[shape.table]) + kept.length;
    }
  }
  await addMember(tar, END, JSON.stringify({ rows: counts }, null, 2));
  tar.finalize();
  return counts;
}

/** Resolves when the member has been consumed. */
function addMember(tar: Pack, name: string, content: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry({ name }, content, (error) => (error ? reject(error) : resolve()));
  });
}

type RowsFrom = ReadonlyMap<string, number>;

async function readRowsFrom({ store, projectId, datasets }: ArchiveOptions): Promise<RowsFrom> {
  const horizons = new Map<string, number>();
  for (const dataset of datasets) {
    const { rows } = await readHorizons(store.query, projectId, dataset);
    if (Number.isFinite(rows)) horizons.set(dataset.name, rows);
  }
  return horizons;
}

/**
 * Leaves out cells of a time whose rows are all in the archive, because they can be rebuilt, notes
 * about cells that are being made, and deliveries that are due, because they cannot move.
 */
function isKept({ table }: StoredShape, row: MovedRow, rowsFrom: RowsFrom): boolean {
  if (table === 'alert_deliveries') return row['status'] !== 'SCHEDULED';
  if (table === 'retention_horizons') return !String(row['source']).startsWith('MAKING');
  if (table !== 'rollup_cells') return true;
  return Number(row['bucket']) < (rowsFrom.get(String(row['dataset'])) ?? Number.NEGATIVE_INFINITY);
}

async function makeManifest(
  { store, projectId, version, now }: ArchiveOptions,
  rowsFrom: RowsFrom,
): Promise<Manifest> {
  const project = await store.prisma.project.findUniqueOrThrow({ where: { projectId } });
  const layouts = await store.prisma.rollupLayout.findMany({ orderBy: { dataset: 'asc' } });
  return {
    format: ARCHIVE_FORMAT,
    madeBy: version,
    madeAt: new Date(now).toISOString(),
    project: { projectId, name: project.name, ipAddresses: project.ipAddresses },
    rowsFrom: Object.fromEntries([...rowsFrom].map(([name, time]) => [name, new Date(time).toISOString()])),
    layouts: Object.fromEntries(layouts.map(({ dataset, layout }) => [dataset, layout])),
    leftOut: LEFT_OUT_IN_WORDS,
  };
}
