import type { Fit } from './fit-texts.ts';
import type { IgnoredReason } from './reasons.ts';

/** The datasets that telemetry becomes. */
export type TargetName =
  | 'requestLogs'
  | 'llmCalls'
  | 'errorLogs'
  | 'toolCalls'
  | 'agentUsage'
  | 'agentActivities'
  | 'agentMetrics'
  | 'taskEvents';

/** An event as a client would send it. What is undefined is absent. */
export type MappedEvent = Readonly<Record<string, unknown>>;

/** Takes what items of telemetry become. */
export interface Sink {
  add(dataset: TargetName, event: MappedEvent): void;
  /** As `add`, but only the first time in a request: many items say that an agent is at work. */
  addOnce(dataset: TargetName, event: MappedEvent & { readonly id: string }): void;
  /** Counts an item that becomes nothing. `example` says what it was, such as the name of a metric. */
  ignore(reason: IgnoredReason, example: string): void;
  /** Counts an item that the sender should have sent in another way, which the message says. */
  reject(message: string): void;
}

/** What the items of one sender became. */
export interface MappedBatch {
  /** `service.name`; empty if the sender has none. */
  readonly sender: string;
  readonly items: number;
  readonly became: ReadonlyMap<TargetName, number>;
  readonly ignored: ReadonlyMap<IgnoredReason, { readonly count: number; readonly example: string }>;
  readonly rejected: number;
  readonly problem: string | null;
}

/** An event, and the batch and the item from which it comes. */
export interface Origin {
  /** A number per request. */
  readonly item: number;
  readonly batch: MappedBatch;
}

/** What a request becomes. */
export interface Mapped {
  readonly events: ReadonlyMap<TargetName, readonly MappedEvent[]>;
  /** The origins of the events, in the same order. */
  readonly origins: ReadonlyMap<TargetName, readonly Origin[]>;
  readonly batches: readonly MappedBatch[];
}

export interface Collector extends Mapped {
  /** Begins a batch, or goes on with that of the same sender. */
  begin(sender: string): void;
  /** Begins an item of the batch. */
  next(): void;
  readonly sink: Sink;
}

interface GrowingBatch {
  readonly sender: string;
  items: number;
  readonly became: Map<TargetName, number>;
  readonly ignored: Map<IgnoredReason, { count: number; example: string }>;
  rejected: number;
  problem: string | null;
}

/** Collects what the batches of one request become. `fits`: by the names of datasets. */
export function createCollector(fits: ReadonlyMap<string, Fit> = new Map()): Collector {
  const events = new Map<TargetName, MappedEvent[]>();
  const origins = new Map<TargetName, Origin[]>();
  const batches: GrowingBatch[] = [];
  const ofSenders = new Map<string, GrowingBatch>();
  const added = new Set<string>();
  let batch = emptyBatch('');
  let item = 0;

  function add(dataset: TargetName, given: MappedEvent): void {
    const event = fits.get(dataset)?.(given) ?? given;
    const known = events.get(dataset);
    if (known === undefined) {
      events.set(dataset, [event]);
      origins.set(dataset, [{ item, batch }]);
    } else {
      known.push(event);
      origins.get(dataset)?.push({ item, batch });
    }
    batch.became.set(dataset, (batch.became.get(dataset) ?? 0) + 1);
  }

  return {
    ...{ events, origins, batches },
    begin(sender) {
      const known = ofSenders.get(sender);
      batch = known ?? emptyBatch(sender);
      if (known !== undefined) return;
      ofSenders.set(sender, batch);
      batches.push(batch);
    },
    next() {
      item++;
      batch.items++;
    },
    sink: {
      add,
      addOnce(dataset, event) {
        if (added.has(event.id)) return;
        added.add(event.id);
        add(dataset, event);
      },
      ignore(reason, example) {
        const known = batch.ignored.get(reason);
        if (known === undefined) batch.ignored.set(reason, { count: 1, example });
        else known.count++;
      },
      reject(message) {
        batch.rejected++;
        batch.problem = message;
      },
    },
  };
}

const emptyBatch = (sender: string): GrowingBatch => ({
  sender,
  items: 0,
  became: new Map(),
  ignored: new Map(),
  rejected: 0,
  problem: null,
});
