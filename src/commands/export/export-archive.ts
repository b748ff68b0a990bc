import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { systemClock } from '../../core/clock.ts';
import { datasets } from '../../declarations/registry.ts';
import { packageFolder } from '../../storage/package-folder.ts';
import type { Store } from '../../storage/store.ts';
import { type Counts, writeArchive } from '../../transfer/archive/write-archive.ts';
import type { Progress } from '../progress.ts';
import { writeWhole } from './whole-file.ts';

/** The contents of an archive. */
export interface ArchiveSummary {
  readonly project: string;
  readonly file: string;
  readonly tables: Counts;
}

export interface ArchiveJob {
  readonly store: Store;
  readonly projectId: string;
  readonly file: string;
  /** Null: the server has none. */
  readonly pricesFile: string | null;
  readonly progress: Progress;
}

/** Writes everything about a project to a compressed tar, holding one page of rows in memory. */
export async function exportArchive(job: ArchiveJob): Promise<ArchiveSummary> {
  const { store, projectId, file, pricesFile, progress } = job;
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
  const tables = await writeWhole(file, async (partial) => {
    const { tar, written } = writeArchive({
      ...{ store, projectId, datasets, pricesFile, version, now: systemClock.now() },
      // The total is unknown: the rows would have to be counted first.
      onRows: (rows, table) => progress.update(0, `${rows.toLocaleString('en')} rows, ${table}`),
    });
    await pipeline(tar, createGzip(), createWriteStream(partial));
    return written;
  });
  return { project: projectId, file, tables };
}

export function renderArchive({ project, file, tables }: ArchiveSummary): string {
  const found = Object.entries(tables).filter(([, rows]) => rows > 0);
  const lines = found.map(([table, rows]) => `  ${table}  ${rows.toLocaleString('en')}\n`).join('');
  return (
    `The project ${project} is in ${file}:\n${lines}Not included: API keys, webhook secrets, ` +
    'pending deliveries.\n'
  );
}
