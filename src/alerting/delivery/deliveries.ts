import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { Live } from '../../live/live.ts';
import type { Repetition, Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import type { StoredDelivery } from '../book/alert.ts';
import { ALERTS_CHANGED } from '../book/alert-book.ts';
import type { AlertMessage } from './channels/channel.ts';
import type { Claimed } from './claim.ts';
import { RENEW_EVERY_MS } from './claims.ts';
import type { Limits } from './limits.ts';
import { createOutbox } from './outbox.ts';
import { readNotice } from './read-notice.ts';
import type { Sender } from './sender.ts';

/** Notifies webhooks of alerts: makes the deliveries that are due. */
export interface Deliveries {
  /**
   * Begins: at once, whenever an alert changes here, and every few seconds for what is due by then
   * and for what other instances left.
   */
  start(): void;
  /**
   * Begins no more, and waits at most so many milliseconds for those under way. What has not ended
   * by then is broken off and made again, by another instance or after the next start. May be
   * called again; never started is fine.
   */
  stop(graceMs: number): Promise<void>;
}

/** Where failures go. A pino logger is one. */
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
  /** Default: 40 in all, 4 of one webhook. */
  readonly limits?: Limits;
  /** 0 to 1. Default: Math.random. */
  readonly random?: () => number;
}

const DEFAULT_LIMITS: Limits = { total: 40, perWebhook: 4 };
const POLL_EVERY_MS = 2000;

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { live, schedule, sender, log, limits = DEFAULT_LIMITS, random = Math.random } = options;
  const outbox = createOutbox({ ...options, limits, random });
  const broken = new AbortController();
  const underWay = new Map<Promise<void>, UnderWay>();
  let polling: Promise<void> | null = null;
  let pollAgain = false;
  let stopping = false;
  let repetitions: readonly Repetition[] = [];
  let changes: AsyncIterableIterator<unknown> | null = null;

  /**
   * Begins what is due, one poll after another: what comes during one is seen by the next.
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
        for (const claimed of await outbox.claim(
          [...underWay.values()].map(({ deliveries: [first] }) => first),
        ))
          begin(claimed);
      } catch (err) {
        log.error({ err }, 'Deliveries to webhooks could not be read; it is tried again soon');
      }
    }
    // In one step with the last check of `pollAgain`: no call falls in between.
    polling = null;
  }

  function begin({ deliveries, endpoint }: Claimed): void {
    const one: UnderWay = { deliveries, renewal: null, hasEnded: false };
    const made = make(one, endpoint).finally(() => {
      underWay.delete(made);
      // A slot is free. A poll takes care of its failures.
      void poll();
    });
    underWay.set(made, one);
  }

  /** One attempt, from sending to recording. */
  async function make(one: UnderWay, endpoint: Claimed['endpoint']): Promise<void> {
    const [first, ...others] = one.deliveries;
    const messages = [toMessage(first), ...others.map(toMessage)] as const;
    try {
      const outcome = await sender.send({ endpoint, messages }, broken.signal);
      // What is recorded is found by its claim: nothing may change that any more.
      one.hasEnded = true;
      await one.renewal;
      if (outcome === null) await outbox.release(one.deliveries);
      else await outbox.record(one.deliveries, outcome);
    } catch (err) {
      const { webhookId, messageId } = first;
      log.error({ err, webhookId, messageId }, 'A delivery to a webhook was not recorded; it is made again');
    }
  }

  /** Keeps what is under way from others, as long as it takes. */
  async function renew(one: UnderWay): Promise<void> {
    try {
      one.deliveries = await outbox.renew(one.deliveries);
    } catch (err) {
      log.error({ err }, 'A delivery to a webhook is still under way; it may be made twice');
    }
  }

  async function renewAll(): Promise<void> {
    const lasting = [...underWay.values()].filter(({ hasEnded }) => !hasEnded);
    for (const one of lasting) one.renewal = renew(one);
    await Promise.all(lasting.map(({ renewal }) => renewal));
  }

  async function follow(iterator: AsyncIterableIterator<unknown>): Promise<void> {
    for await (const _change of iterator) void poll();
  }

  async function stop(graceMs: number): Promise<void> {
    stopping = true;
    const [polls, renewals] = repetitions;
    await Promise.all([polls?.stop(), changes?.return?.(), polling]);
    const timer = setTimeout(() => broken.abort(), graceMs);
    await Promise.all(underWay.keys());
    clearTimeout(timer);
    await renewals?.stop();
  }

  return {
    start() {
      if (stopping || repetitions.length > 0) return;
      changes = live.subscribe(ALERTS_CHANGED, { capacity: 1 });
      void follow(changes);
      repetitions = [schedule.repeat(POLL_EVERY_MS, poll), schedule.repeat(RENEW_EVERY_MS, renewAll)];
    },
    stop,
  };
}

interface UnderWay {
  deliveries: Claimed['deliveries'];
  /** Of the claim; under way, or the last one. */
  renewal: Promise<void> | null;
  /** Whether the attempt has ended, so that only its outcome is left to record. */
  hasEnded: boolean;
}

const toMessage = ({ messageId, payload }: StoredDelivery): AlertMessage => ({
  messageId,
  notice: readNotice(payload),
});
