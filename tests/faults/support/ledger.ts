import { EventEmitter, once } from 'node:events';
import { createRandom, drawId } from '../../../src/commands/demo/random.ts';
import { defined } from '../../../src/core/defined.ts';
import { DAY_MS } from '../../../src/core/time/units.ts';
import { errorLog, llmCall } from '../../support/events.ts';

/** The datasets of the batches. A batch is stored in all of them, or in none. */
export const DATASETS = ['llmCalls', 'errorLogs'] as const;
type Name = (typeof DATASETS)[number];
type Event = Readonly<Record<string, unknown>>;

/** The events of one mutation, by dataset. */
export type Batch = Readonly<Record<Name, readonly Event[]>>;

/** The events that writers have sent, and the answers that they received. */
export interface Ledger {
  /** Creates a new batch: no other event has the id of one of its events. */
  next(): Batch;
  acknowledge(batch: Batch): void;
  /** Records an answer or a broken connection that acknowledged nothing, in a word or two. */
  refused(how: string): void;
  /** Records that a writer has given up because it received an answer that no client can use. */
  failed(error: unknown): void;
  /**
   * Resolves when this many more batches have been acknowledged. Rejects when a writer has failed.
   */
  moreAcknowledged(count: number): Promise<void>;
  /** How many events were acknowledged. */
  readonly events: number;
  /** How often requests of writers were rejected, by kind of rejection. */
  readonly refusals: ReadonlyMap<string, number>;
  /** The ids of a dataset in the sent batches, batch by batch. */
  idsOf(dataset: Name, which: 'ACKNOWLEDGED' | 'OPEN'): string[][];
}

const CALLS = 12;
const ERRORS = 6;
/** Most events happen now, the rest in the last days. */
const LATE = 0.2;
const MAX_DAYS_LATE = 3;

export function createLedger(seed: number, now = () => Date.now()): Ledger {
  const random = createRandom(seed);
  const open = new Set<Batch>();
  const acknowledged: Batch[] = [];
  const refusals = new Map<string, number>();
  const changes = new EventEmitter();
  let failure: unknown;
  const common = () => {
    const time = now();
    const timestamp = random.chance(LATE) ? time - random.next() * MAX_DAYS_LATE * DAY_MS : time;
    return { id: drawId(random, time), timestamp: new Date(timestamp).toISOString() };
  };
  return {
    next() {
      const models = ['gpt-4o', 'claude-sonnet-4', 'mistral-large'];
      const batch = {
        llmCalls: Array.from({ length: CALLS }, () =>
          llmCall({ ...common(), model: random.pick(models), latencyMs: random.integer(1, 9_000) }),
        ),
        errorLogs: Array.from({ length: ERRORS }, () => errorLog({ ...common(), errorMessage: 'a timeout' })),
      };
      open.add(batch);
      return batch;
    },
    acknowledge(batch) {
      open.delete(batch);
      acknowledged.push(batch);
      changes.emit('change');
    },
    refused(how) {
      refusals.set(how, (refusals.get(how) ?? 0) + 1);
    },
    failed(error) {
      failure ??= error;
      changes.emit('change');
    },
    async moreAcknowledged(count) {
      const wanted = acknowledged.length + count;
      while (failure === undefined && acknowledged.length < wanted) await once(changes, 'change');
      if (failure !== undefined) throw failure;
    },
    get events() {
      return acknowledged.length * (CALLS + ERRORS);
    },
    refusals,
    idsOf: (dataset, which) =>
      [...(which === 'OPEN' ? open : acknowledged)].map((batch) =>
        batch[dataset].map(({ id }) => String(defined(id))),
      ),
  };
}
