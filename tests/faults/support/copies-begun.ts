import { expect } from 'vitest';
import { DATASETS, type Ledger } from './ledger.ts';

/**
 * Waits until the columnar copy has some of the events of each dataset, while more of them arrive.
 */
export async function expectCopiesBegun(url: string, ledger: Ledger): Promise<void> {
  await expect
    .poll(async () => {
      const metrics = await (await fetch(new URL('/metrics', url))).text();
      return DATASETS.filter(
        (name) => !(lagOf(metrics, name) < ledger.idsOf(name, 'ACKNOWLEDGED').flat().length),
      );
    })
    .toEqual([]);
}

/** NaN if the server has not checked. */
function lagOf(metrics: string, dataset: string): number {
  const value = new RegExp(`^telltale_columns_lag_events\\{dataset="${dataset}"\\} (.*)$`, 'm').exec(
    metrics,
  )?.[1];
  return value === undefined ? Number.NaN : Number(value.replace('+Inf', 'Infinity'));
}
