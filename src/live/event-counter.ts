import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import type { Live } from './live.ts';

/** Hears of new events. */
export interface EventCounter {
  /** Listens to these datasets, and no longer to others. */
  follow(datasets: Iterable<Dataset>): void;
  /** How many new events of the project it has heard of: another number than before means news. */
  count(projectId: string, dataset: Dataset): number;
  /** Listens to nothing any more. */
  stop(): void;
}

/** Of events that other instances take it does not hear: there the clock has to do. */
export function createEventCounter(live: Pick<Live, 'subscribe'>): EventCounter {
  const followed = new Map<Dataset, AsyncIterableIterator<unknown>>();
  const counts = new Map<Dataset, Map<unknown, number>>();

  function listen(dataset: Dataset): AsyncIterableIterator<unknown> {
    const projectAt = dataset.at.projectId;
    const byProject = counts.get(dataset) ?? new Map<unknown, number>();
    counts.set(dataset, byProject);
    return live.subscribe<Row>(dataset.topic, {
      capacity: 1,
      // Counted where the event passes by, so that nothing has to wait in a queue.
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
