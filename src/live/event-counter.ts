import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import type { Live } from './live.ts';

/** Counts new events. */
export interface EventCounter {
  /** Subscribes to these datasets, and unsubscribes from all others. */
  follow(datasets: Iterable<Dataset>): void;
  /**
   * How many new events of the project it has counted. A number that differs from the last one
   * means new events.
   */
  count(projectId: string, dataset: Dataset): number;
  /** Unsubscribes from everything. */
  stop(): void;
}

/**
 * It counts only the events of this instance. For events of other instances callers need a timer.
 */
export function createEventCounter(live: Pick<Live, 'subscribe'>): EventCounter {
  const followed = new Map<Dataset, AsyncIterableIterator<unknown>>();
  const counts = new Map<Dataset, Map<unknown, number>>();

  function listen(dataset: Dataset): AsyncIterableIterator<unknown> {
    const projectAt = dataset.at.projectId;
    const byProject = counts.get(dataset) ?? new Map<unknown, number>();
    counts.set(dataset, byProject);
    return live.subscribe<Row>(dataset.topic, {
      capacity: 1,
      // Counts in the filter, so that no event waits in the queue.
      accepts(row) {
        const projectId = row[projectAt];
        byProject.set(projectId, (byProject.get(projectId) ?? 0) + 1);
        return false;
      },
    });
  }

  function follow(datasets: Iterable<Dataset>): void {
    const wanted = new Set(datasets);
    for (const [dataset, events] of followed) {
      if (wanted.has(dataset)) continue;
      void events.return?.();
      followed.delete(dataset);
    }
    for (const dataset of wanted) if (!followed.has(dataset)) followed.set(dataset, listen(dataset));
  }

  return {
    follow,
    count: (projectId, dataset) => counts.get(dataset)?.get(projectId) ?? 0,
    stop: () => follow([]),
  };
}
