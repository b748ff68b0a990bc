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
  readonly live: Pick<Live, 'publish' | 'readersBehind' | 'capacity'>;
  readonly topic: string;
  /** How long to wait for a reader that is behind. Default: 1,000. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 1_000;
const POLL_INTERVAL_MS = 2;

/**
 * Publishes stored events no faster than readers take them: storage gives them by the page, faster
 * than they were recorded, and a full queue would drop them. It waits until the queue of every
 * reader is at most half full. A reader that takes longer than the patience is too slow; it is not
 * waited for again until it has caught up, so it delays the others once.
 */
export function createPatientPublisher(options: PatientPublisherOptions): PatientPublisher {
  const { live, topic, patienceMs = PATIENCE_MS } = options;
  const half = Math.max(1, Math.floor(live.capacity / 2));
  const behindSince = new Map<object, number>();
  let isStopped = false;

  /** Whether somebody is behind, but not yet for too long. */
  function isWorthWaiting(now: number): boolean {
    const behind = new Set(live.readersBehind(topic));
    for (const reader of behindSince.keys()) if (!behind.has(reader)) behindSince.delete(reader);
    for (const reader of behind) if (!behindSince.has(reader)) behindSince.set(reader, now);
    return [...behindSince.values()].some((since) => now - since < patienceMs);
  }

  return {
    async publish(events) {
      for (let first = 0; first < events.length; first += half) {
        while (!isStopped && isWorthWaiting(performance.now())) await delay(POLL_INTERVAL_MS);
        if (isStopped) return;
        live.publish(topic, events.slice(first, first + half));
      }
    },
    stop() {
      isStopped = true;
    },
  };
}
