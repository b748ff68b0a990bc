import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../core/dataset/row.ts';
import type { Live } from '../live/live.ts';

export interface PatientPublisher {
  /** Publishes all events, in order. Calls must not overlap. */
  publish(events: readonly Row[]): Promise<void>;
  /** The running call publishes nothing more. */
  stop(): void;
}

export interface PatientPublisherOptions {
  readonly live: Pick<Live, 'publish' | 'countReaders' | 'readersBehind' | 'capacity'>;
  readonly topic: string;
  /** For how many milliseconds the oldest of these events has been known to be stored. */
  readonly delayMs: () => number;
}

/** How late events may become. A few slow readers may not delay the others for long. */
const MAX_DELAY_MS = 5_000;
const MAX_DELAY_BY_FEW_MS = 250;
const POLL_INTERVAL_MS = 2;

/**
 * Publishes stored events no faster than readers take them: storage gives them by the page, faster
 * than they were recorded, and a full queue would drop them. It waits until the queue of every
 * reader is at most half full. If that makes events late, the readers that are behind are too slow:
 * it does not wait for them until they have caught up.
 */
export function createPatientPublisher(options: PatientPublisherOptions): PatientPublisher {
  const { live, topic, delayMs } = options;
  const half = Math.max(1, Math.floor(live.capacity / 2));
  let tooSlow: ReadonlySet<object> = new Set();
  let isStopped = false;

  async function readersReady(): Promise<void> {
    while (!isStopped) {
      const behind = new Set(live.readersBehind(topic));
      const areFew = behind.size * 2 < live.countReaders(topic);
      const isLate = delayMs() >= (areFew ? MAX_DELAY_BY_FEW_MS : MAX_DELAY_MS);
      tooSlow = isLate ? behind : new Set([...behind].filter((reader) => tooSlow.has(reader)));
      if (tooSlow.size === behind.size) return;
      await delay(POLL_INTERVAL_MS);
    }
  }

  return {
    async publish(events) {
      for (let first = 0; first < events.length; first += half) {
        await readersReady();
        if (isStopped) return;
        live.publish(topic, events.slice(first, first + half));
      }
    },
    stop() {
      isStopped = true;
    },
  };
}
