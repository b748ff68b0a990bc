import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import { elsewhere } from './elsewhere.ts';
import type { Live } from './live.ts';

/** Counts new events. */
export interface EventCounter {
  /** Subscribes to these datasets, and unsubscribes from all others. */
  follow(datasets: Iterable<Dataset>): void;
  /**
   * How many signs of new events of the project it has counted. A different number than last time
   * means new events.
   */
  count(projectId: string, dataset: Dataset): number;
  /** Unsubscribes from everything. */
  stop(): void;
}

type Subscriptions = readonly AsyncIterableIterator<unknown>[];

/** Null stands for all projects. */
type Counts = Map<unknown, number>;

/**
 * Counts the events of this instance, and the notices about those of others. Notices may be lost,
 * so callers also need a timer.
 */
export function createEventCounter(live: Pick<Live, 'subscribe'>): EventCounter {
  const followed = new Map<Dataset, Subscriptions>();
  const counts = new Map<Dataset, Counts>();

  function listen(dataset: Dataset): Subscriptions {
    const projectAt = dataset.at.projectId;
    const ofDataset: Counts = counts.get(dataset) ?? new Map();
    counts.set(dataset, ofDataset);
    // Counts in the filter, so that no event waits in the queue.
    const accepts = (projectId: unknown) => {
      ofDataset.set(projectId, (ofDataset.get(projectId) ?? 0) + 1);
      return false;
    };
    return [
      live.subscribe<Row>(dataset.topic, { capacity: 1, accepts: (row) => accepts(row[projectAt]) }),
      live.subscribe<string | null>(elsewhere(dataset.topic), { capacity: 1, accepts }),
    ];
  }

  function follow(datasets: Iterable<Dataset>): void {
    const wanted = new Set(datasets);
    for (const [dataset, subscriptions] of followed) {
      if (wanted.has(dataset)) continue;
      for (const events of subscriptions) void events.return?.();
      followed.delete(dataset);
    }
    for (const dataset of wanted) if (!followed.has(dataset)) followed.set(dataset, listen(dataset));
  }

  return {
    follow,
    count(projectId, dataset) {
      const ofDataset = counts.get(dataset);
      return (ofDataset?.get(projectId) ?? 0) + (ofDataset?.get(null) ?? 0);
    },
    stop: () => follow([]),
  };
}
