import { defined } from '../../core/defined.ts';
import type { Fit } from './fit-texts.ts';
import type { IgnoredReason } from './reasons.ts';

/** The datasets that telemetry is mapped to. */
export type TargetName =
  | 'requestLogs'
  | 'llmCalls'
  | 'errorLogs'
  | 'toolCalls'
  | 'agentUsage'
  | 'agentActivities'
  | 'agentMetrics'
  | 'taskEvents';

/** An event as a client would send it. Undefined values count as absent. */
export type MappedEvent = Readonly<Record<string, unknown>>;

/** Receives what items of telemetry become. */
export interface Sink {
  /** @returns the index of the event among those of its dataset */
  add(dataset: TargetName, event: MappedEvent): number;
  /** An event of this request. */
  at(dataset: TargetName, index: number): MappedEvent;
  /** Changes an event of this request. */
  change(dataset: TargetName, index: number, event: MappedEvent): void;
  /** Removes an event of this request. Its item counts as ignored. */
  drop(dataset: TargetName, index: number, reason: IgnoredReason, example: string): void;
  /** Like `add`, but only the first time in a request: many items say that an agent is at work. */
  addOnce(dataset: TargetName, event: MappedEvent & { readonly id: string }): void;
  /** Counts an item that becomes nothing. `example` describes it, such as the name of a metric. */
  ignore(reason: IgnoredReason, example: string): void;
  /** Counts an item that the sender should have sent differently; the message says how. */
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

/** The batch and the item that an event comes from. */
export interface Origin {
  /** Unique within the request. */
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
  /** Begins a batch, or continues that of the same sender. */
  begin(sender: string): void;
  /** Begins an item of the batch. */
  next(): void;
  readonly sink: Sink;
  /** Removes dropped events. Nothing may be added afterwards. */
  finish(): Mapped;
}

/** A batch that grows as its items are mapped. */
interface GrowingBatch {
  readonly sender: string;
  items: number;
  readonly became: Map<TargetName, number>;
  readonly ignored: Map<IgnoredReason, { count: number; example: string }>;
  rejected: number;
  problem: string | null;
}

interface GrowingOrigin extends Origin {
  readonly batch: GrowingBatch;
}

/** Collects what the batches of one request become. `fits`: by dataset name. */
export function createCollector(fits: ReadonlyMap<string, Fit> = new Map()): Collector {
  const events = new Map<TargetName, MappedEvent[]>();
  const origins = new Map<TargetName, GrowingOrigin[]>();
  const batches: GrowingBatch[] = [];
  const ofSenders = new Map<string, GrowingBatch>();
  const added = new Set<string>();
  const dropped = new Map<TargetName, Set<number>>();
  let batch = emptyBatch('');
  let item = 0;

  const fitting = (dataset: TargetName, event: MappedEvent) => fits.get(dataset)?.(event) ?? event;

  function add(dataset: TargetName, event: MappedEvent): number {
    const list = listOf(events, dataset);
    listOf(origins, dataset).push({ item, batch });
    batch.became.set(dataset, (batch.became.get(dataset) ?? 0) + 1);
    return list.push(fitting(dataset, event)) - 1;
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
      at: (dataset, index) => defined(listOf(events, dataset)[index]),
      change(dataset, index, event) {
        listOf(events, dataset)[index] = fitting(dataset, event);
      },
      drop(dataset, index, reason, example) {
        const indexes = dropped.get(dataset) ?? new Set<number>();
        dropped.set(dataset, indexes);
        indexes.add(index);
        const { batch: of } = defined(listOf(origins, dataset)[index]);
        const left = (of.became.get(dataset) ?? 0) - 1;
        if (left > 0) of.became.set(dataset, left);
        else of.became.delete(dataset);
        ignoreIn(of, reason, example);
      },
      addOnce(dataset, event) {
        if (added.has(event.id)) return;
        added.add(event.id);
        add(dataset, event);
      },
      ignore: (reason, example) => ignoreIn(batch, reason, example),
      reject(message) {
        batch.rejected++;
        batch.problem = message;
      },
    },
    finish() {
      for (const [dataset, indexes] of dropped) {
        const isKept = (_: unknown, index: number) => !indexes.has(index);
        events.set(dataset, listOf(events, dataset).filter(isKept));
        origins.set(dataset, listOf(origins, dataset).filter(isKept));
      }
      return { events, origins, batches };
    },
  };
}

function listOf<Item>(lists: Map<TargetName, Item[]>, dataset: TargetName): Item[] {
  const known = lists.get(dataset);
  if (known !== undefined) return known;
  const list: Item[] = [];
  lists.set(dataset, list);
  return list;
}

function ignoreIn(batch: GrowingBatch, reason: IgnoredReason, example: string): void {
  const known = batch.ignored.get(reason);
  if (known === undefined) batch.ignored.set(reason, { count: 1, example });
  else known.count++;
}

const emptyBatch = (sender: string): GrowingBatch => ({
  sender,
  items: 0,
  became: new Map(),
  ignored: new Map(),
  rejected: 0,
  problem: null,
});
