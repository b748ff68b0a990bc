import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { ensureRollups } from '../../../src/rollups/layout.ts';
import { createRollupWork } from '../../../src/rollups/rollup-work.ts';
import type { Store } from '../../../src/storage/store.ts';

/** The work of a start, and then its background work, to the end. */
export async function bringInLine(store: Store, datasets: readonly Dataset[]): Promise<string[]> {
  const begun = await ensureRollups(store, datasets);
  await createRollupWork({ store, datasets, batchSize: 3 }).run();
  return begun;
}

/** The declaration with other sets, in all grains. */
export function withRollups(dataset: Dataset, ...sets: readonly (readonly string[])[]): Dataset {
  const grains = ['MINUTE', 'HOUR', 'DAY'] as const;
  return { ...dataset, rollups: sets.map((dimensions) => ({ dimensions, grains })) };
}
