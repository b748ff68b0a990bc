import type { Dataset } from '../../../core/dataset/dataset.ts';
import { defined } from '../../../core/defined.ts';
import type { Event } from '../../import/events.ts';
import type { Target } from '../../import/target.ts';
import { WITNESS_DATASETS, type Witness } from './progress-store.ts';

/** What became of the events of a dataset. */
export interface DatasetTally {
  accepted: number;
  /** Events that were stored before. */
  duplicates: number;
  rejected: number;
}

export interface Outgoing {
  add(dataset: string, event: Event): void;
  /** Events that are not sent yet. */
  readonly waiting: number;
  /** Sends all events. They are stored when it resolves. */
  flush(): Promise<void>;
  readonly tallies: ReadonlyMap<string, DatasetTally>;
  /** Why the first events were rejected. */
  readonly firstRejected: readonly string[];
  /** The last stored event that can be a witness; null if there is none. */
  readonly witness: Witness | null;
}

const SHOWN_REJECTIONS = 10;
const EVENTS_PER_REQUEST = 500;

/**
 * Collects events, and sends them by dataset.
 *
 * @param now the time, in milliseconds since 1970
 */
export function createOutgoing(
  target: Pick<Target, 'send'>,
  datasets: readonly Dataset[],
  now: () => number,
): Outgoing {
  const buffers = new Map<string, Event[]>();
  const tallies = new Map<string, DatasetTally>();
  const firstRejected: string[] = [];
  let witness: Witness | null = null;

  async function send(name: string, events: readonly Event[]): Promise<void> {
    const dataset = defined(datasets.find((candidate) => candidate.name === name));
    const outcome = await target.send(dataset, events);
    const tally = tallies.get(name) ?? { accepted: 0, duplicates: 0, rejected: 0 };
    tallies.set(name, tally);
    tally.accepted += outcome.accepted;
    tally.duplicates += outcome.duplicates;
    tally.rejected += outcome.rejected.length;
    for (const { index, field, message } of outcome.rejected) {
      if (firstRejected.length === SHOWN_REJECTIONS) break;
      const reason = field === null ? message : `${field}: ${message}`;
      firstRejected.push(`${name} of ${String(events[index]?.['timestamp'])}: ${reason}`);
    }
    const refused = new Set(outcome.rejected.map(({ index }) => index));
    const stored = events.findLast((_, index) => !refused.has(index));
    if (stored === undefined || !WITNESS_DATASETS.has(name)) return;
    // The outcome does not say which events were known. Each may have been received at any time
    // since it happened.
    const at = outcome.duplicates === 0 ? now() : Date.parse(String(stored['timestamp']));
    witness = { dataset: name, event: stored, at };
  }

  return {
    tallies,
    firstRejected,
    add(dataset, event) {
      const buffer = buffers.get(dataset) ?? [];
      buffers.set(dataset, buffer);
      buffer.push(event);
    },
    get waiting() {
      return [...buffers.values()].reduce((sum, { length }) => sum + length, 0);
    },
    async flush() {
      for (const [name, events] of buffers) {
        while (events.length > 0) {
          const batch = events.slice(0, EVENTS_PER_REQUEST);
          await send(name, batch);
          events.splice(0, batch.length);
        }
      }
    },
    get witness() {
      return witness;
    },
  };
}
