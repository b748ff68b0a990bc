import { expect } from 'vitest';
import { openCopy } from '../../../src/columns/copy.ts';
import { openRows } from '../../../src/columns/open-rows.ts';
import { defined } from '../../../src/core/defined.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { verifyRollups } from '../../../src/rollups/verify.ts';
import { createStore } from '../../../src/storage/create-store.ts';
import type { Store } from '../../../src/storage/store.ts';
import { copiedRows, storedRows } from '../../columns/support/copies.ts';
import { TEST_SETTINGS } from '../../columns/support/settings.ts';
import { DATASETS, type Ledger } from './ledger.ts';

const stored = DATASETS.map((name) => defined(datasets.find((dataset) => dataset.name === name)));

/**
 * Compares a database that no server uses with what its writers were told: each acknowledged event
 * is there, none twice, each batch completely or not at all, the cells match the rows, and the copy
 * by columns has the same rows.
 *
 * @param copyFile the columnar copy; without one it is not compared
 */
export async function expectAllStored(url: string, ledger: Ledger, copyFile?: string): Promise<void> {
  const store = await createStore({ url, datasets });
  try {
    const batches = { acknowledged: 0, stored: 0 };
    for (const dataset of stored) {
      const name = dataset.name as (typeof DATASETS)[number];
      const rows = await store.query.selectFrom(dataset.table).select('id').execute();
      const ids = new Set(rows.map(({ id }) => String(id)));
      expect(rows.length - ids.size, `${name} that are stored twice`).toBe(0);
      const acknowledged = ledger.idsOf(name, 'ACKNOWLEDGED');
      const lost = acknowledged.flat().filter((id) => !ids.has(id));
      expect(lost, `acknowledged ${name} that are not stored`).toEqual([]);
      const open = ledger
        .idsOf(name, 'OPEN')
        .map((batch) => batch.filter((id) => ids.has(id)).length / batch.length);
      expect(
        open.filter((share) => share !== 0 && share !== 1),
        `${name} of batches in part`,
      ).toEqual([]);
      const whole = open.filter((share) => share === 1).length;
      batches.stored += whole;
      expect(ids.size, `stored ${name}, with those of ${whole} batches whose answer was cut`).toBe(
        acknowledged.flat().length + whole * (ledger.idsOf(name, 'OPEN')[0]?.length ?? 0),
      );
      expect((await verifyRollups(store, dataset)).differences).toEqual([]);
    }
    expect(batches.stored % DATASETS.length, 'batches that one dataset has and another lacks').toBe(0);
    if (copyFile !== undefined) await expectSameCopy(store, url, copyFile);
  } finally {
    await store.close();
  }
}

/** Uses the rows that were copied before, because a rebuilt copy would prove nothing. */
async function expectSameCopy(store: Store, url: string, file: string): Promise<void> {
  const problems: string[] = [];
  const copy = await openCopy({
    ...{ file, datasets, source: await openRows(url), settings: TEST_SETTINGS },
    onProblem: (problem) => problems.push(problem),
  });
  try {
    for (const dataset of stored) {
      expect((await copiedRows(copy, dataset)).length, 'events that were copied before').toBeGreaterThan(0);
      expect(await copy.catchUp(dataset.name)).toBeNull();
      expect(await copiedRows(copy, dataset)).toEqual(await storedRows(store, dataset));
    }
    expect(problems).toEqual([]);
  } finally {
    await copy.close();
  }
}
