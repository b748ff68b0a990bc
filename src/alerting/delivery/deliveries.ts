import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { Live } from '../../live/live.ts';
import type { Repetition, Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import { ALERTS_CHANGED } from '../book/alert-book.ts';
import { createAttempts } from './attempts.ts';
import { RENEW_EVERY_MS } from './claims.ts';
import type { Limits } from './limits.ts';
import { createOutbox } from './outbox.ts';
import type { Sender } from './sender.ts';

/** Notifies webhooks of alerts: makes the deliveries that are due. */
export interface Deliveries {
  /**
   * Starts to deliver: at once whenever an alert changes on this instance, and every few seconds
   * whatever has become due or other instances left behind.
   */
  start(): void;
  /**
   * Begins no more deliveries, and waits at most this many milliseconds for those in progress. Then
   * it aborts the rest; another instance makes them again, or this one after its next start. May be
   * called repeatedly, and without `start`.
   */
  stop(graceMs: number): Promise<void>;
}

/** Receives failures. A pino logger fits. */
export interface DeliveryLog {
  error(details: object, message: string): void;
}

export interface DeliveriesOptions {
  readonly store: Pick<Store, 'transact' | 'prisma' | 'query' | 'functions'>;
  readonly live: Pick<Live, 'subscribe'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly schedule: Schedule;
  readonly sender: Sender;
  readonly log: DeliveryLog;
  /** Default: 40 in total, 4 per webhook. */
  readonly limits?: Limits;
  /** 0 to 1. Default: Math.random. */
  readonly random?: () => number;
}

const DEFAULT_LIMITS: Limits = { total: 40, perWebhook: 4 };
const POLL_EVERY_MS = 2000;

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { live, schedule, sender, log, limits = DEFAULT_LIMITS, random = Math.random } = options;
  const outbox = createOutbox({ ...options, limits, random });
  // A slot has become free. A poll handles its own failures.
  const attempts = createAttempts({ outbox, sender, log, onEnd: () => void poll() });
  let polling: Promise<void> | null = null;
  let pollAgain = false;
  let stopping = false;
  let repetitions: readonly Repetition[] = [];
  let changes: AsyncIterableIterator<unknown> | null = null;

  /**
   * Begins what is due, one poll after another: the next poll sees what arrives during this one.
   */
  function poll(): Promise<void> {
    pollAgain = true;
    polling ??= pollUntilIdle();
    return polling;
  }

  async function pollUntilIdle(): Promise<void> {
    while (pollAgain && !stopping) {
      pollAgain = false;
      try {
        for (const claimed of await outbox.claim(attempts.underWay())) attempts.begin(claimed);
      } catch (err) {
        log.error({ err }, 'Deliveries to webhooks could not be read; this will be retried soon');
      }
    }
    // In the same step as the last check of `pollAgain`, so that no call falls in between.
    polling = null;
  }

  async function follow(iterator: AsyncIterableIterator<unknown>): Promise<void> {
    for await (const _change of iterator) void poll();
  }

  async function stop(graceMs: number): Promise<void> {
    stopping = true;
    const [polls, renewals] = repetitions;
    await Promise.all([polls?.stop(), changes?.return?.(), polling]);
    await attempts.finish(graceMs);
    await renewals?.stop();
  }

  return {
    start() {
      if (stopping || repetitions.length > 0) return;
      changes = live.subscribe(ALERTS_CHANGED, { capacity: 1 });
      void follow(changes);
      repetitions = [
        schedule.repeat(POLL_EVERY_MS, poll),
        schedule.repeat(RENEW_EVERY_MS, attempts.renewAll),
      ];
    },
    stop,
  };
}
