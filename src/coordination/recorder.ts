import { batchesOf } from '../core/batches.ts';
import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Retention } from '../retention/retention.ts';
import type { Store } from '../storage/store.ts';

/** The services for recording the contents of the files. */
export interface CoordinationServices {
  readonly projectId: string;
  readonly store: Pick<Store, 'query'>;
  readonly ingest: Pick<Ingest, 'record'>;
  readonly retention: Pick<Retention, 'policies'>;
  readonly clock: Clock;
}

/** Well below the limit of one call. */
const EVENTS_PER_CALL = 1_000;

/**
 * Records events in batches. Returns what is wrong with the rejected ones, as the end of a sentence
 * about the file; null if all were accepted.
 *
 * @throws Overloaded, StorageUnavailable; sending the same events again is safe.
 */
export async function recordAll(
  { ingest, projectId }: CoordinationServices,
  dataset: Dataset,
  events: readonly object[],
): Promise<string | null> {
  const refused: string[] = [];
  for (const batch of batchesOf(events, EVENTS_PER_CALL)) {
    const { rejected } = await ingest.record(projectId, [{ dataset, events: batch }]);
    refused.push(...rejected.map(({ message }) => message));
  }
  if (refused.length === 0) return null;
  return `has ${refused.length} entries that cannot be recorded, the first because: ${refused[0]}`;
}
