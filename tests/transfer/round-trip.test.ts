import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportDataset } from '../../src/commands/export/export-dataset.ts';
import { createAppTarget } from '../../src/commands/import/app-target.ts';
import { identifyContent } from '../../src/commands/import/content-id.ts';
import { createMapping } from '../../src/commands/import/options.ts';
import { FILE_FORMATS, type FileFormat, openRecords } from '../../src/commands/import/records.ts';
import { runImport } from '../../src/commands/import/run.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { exportedColumns, readEvents } from '../../src/transfer/read-events.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { fullEvents } from './support/full-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'round-trip-'));
afterAll(() => rmSync(folder, { recursive: true }));

const progress = { update: () => undefined, finish: () => undefined };
/**
 * The values that the import sets itself: when the server received the event, and where its cost
 * came from.
 */
const MADE_ANEW = new Set(['receivedAt', 'costSource', 'savedCostSource']);

describeEachDatabase('an export', (database) => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp({ database });
    for (const projectId of ['source', ...FILE_FORMATS])
      await running.app.services.projects.create({ projectId });
    for (const dataset of datasets) {
      const events = fullEvents(dataset);
      const outcome = await running.app.services.ingest.record('source', [{ dataset, events }]);
      expect({ dataset: dataset.name, ...outcome }).toMatchObject({ accepted: events.length, rejected: [] });
    }
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const scopeOf = (dataset: Dataset, projectId: string) => ({
    ...{ dataset, projectId, from: null, to: null, after: null, filter: null, limit: null },
  });

  /**
   * The events of a project, without the values that differ between projects or that the import
   * sets.
   */
  async function eventsOf(dataset: Dataset, projectId: string) {
    const rows: unknown[] = [];
    const names = exportedColumns(dataset).map(({ name }) => name);
    const isKept = (name: string) =>
      !MADE_ANEW.has(name) && !(name === 'id' && dataset.naturalKey !== undefined);
    for await (const page of readEvents(running.app.services.store, scopeOf(dataset, projectId))) {
      for (const row of page.rows) {
        rows.push(
          Object.fromEntries(
            names.map((name, at) => [name, row[at]]).filter(([name]) => isKept(String(name))),
          ),
        );
      }
    }
    return rows;
  }

  it.each(FILE_FORMATS)('can be imported without loss, as %s', async (format: FileFormat) => {
    for (const dataset of datasets) {
      const file = join(folder, `${dataset.name}.${format}`);
      const { store } = running.app.services;
      const scope = scopeOf(dataset, 'source');
      const summary = await exportDataset({ store, scope, format, file, output: process.stdout, progress });
      const before = await eventsOf(dataset, 'source');
      expect(summary).toMatchObject({ rows: before.length, file });

      const { size, id } = await identifyContent(file, dataset.name, format !== 'parquet');
      const records = openRecords(file, format, ',');
      const target = createAppTarget(running.app, format);
      const mapping = createMapping({ dataset: dataset.name, timeZone: 'UTC' }, datasets);
      const result = await runImport({ format, file: records, size, fileId: id, mapping, target, progress });
      expect(result).toMatchObject({ accepted: before.length, rejected: 0, firstRejected: [] });
      expect(await eventsOf(dataset, format)).toEqual(before);
    }
  });
});
