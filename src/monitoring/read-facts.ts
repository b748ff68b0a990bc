import type { OwnColumns } from '../columns/create-columns.ts';
import type { Clock } from '../core/clock.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { ProcessLoadSource } from '../runtime/process-load.ts';
import type { Store } from '../storage/store.ts';
import type { OwnFacts, StoredFacts } from './own-facts.ts';
import { createCpuMeter, memoryUsageOf, readDisk } from './process-use.ts';
import { readStored } from './read-stored.ts';

export interface FactsOptions {
  readonly store: Pick<Store, 'query' | 'functions'>;
  readonly clock: Clock;
  readonly ingest: Pick<Ingest, 'load'>;
  readonly processLoad: Pick<ProcessLoadSource, 'read'>;
  /** Null if there is no columnar copy. */
  readonly columns: Pick<OwnColumns, 'late'> | null;
  /** The folder with the data of the server. */
  readonly folder: string;
  readonly readiness: () => Promise<
    { readonly ready: true } | { readonly ready: false; readonly reason: string }
  >;
  readonly open: () => { readonly webSockets: number; readonly subscriptions: number };
}

/** Returns a function that reads the facts, each time since the previous call. */
export function createFactsReader(options: FactsOptions): () => Promise<OwnFacts> {
  const { store, clock, ingest, processLoad, columns, open } = options;
  const readCpu = createCpuMeter();
  let failedBefore = ingest.load().failedCalls;

  async function readWhatIsStored(): Promise<StoredFacts> {
    const stored = await readStored(store, clock.now());
    return { ...stored, columnsLate: columns === null ? null : await columns.late() };
  }

  return async () => {
    const { eventLoopDelayMs, memoryBytes, uptimeSeconds } = processLoad.read();
    const cpuUsage = readCpu();
    const asked = performance.now();
    const readiness = await options.readiness();
    const readinessMs = Math.round((performance.now() - asked) * 100) / 100;
    const { share: queueShare, failedCalls } = ingest.load();
    const failed = failedCalls - failedBefore;
    failedBefore = failedCalls;
    const { webSockets, subscriptions } = open();
    return {
      notReady: readiness.ready ? null : readiness.reason,
      ...{ readinessMs, eventLoopDelayMs, memoryBytes, uptimeSeconds, cpuUsage },
      memoryUsage: memoryUsageOf(memoryBytes),
      disk: await readDisk(options.folder),
      ...{ queueShare, failedCalls: failed, webSockets, subscriptions },
      stored: readiness.ready ? await readWhatIsStored() : null,
    };
  };
}
