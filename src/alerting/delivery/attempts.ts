import type { StoredDelivery } from '../book/alert.ts';
import type { AlertMessage } from './channels/channel.ts';
import type { Claimed } from './claim.ts';
import type { Outbox } from './outbox.ts';
import { readNotice } from './read-notice.ts';
import type { Sender } from './sender.ts';

/** The attempts in progress on this instance. */
export interface Attempts {
  /** The first delivery of each attempt. */
  underWay(): StoredDelivery[];
  begin(claimed: Claimed): void;
  /** Renews the claims of all attempts in progress, so that no other instance takes them. */
  renewAll(): Promise<void>;
  /** Waits at most this many milliseconds for all attempts, and then aborts them. */
  finish(graceMs: number): Promise<void>;
}

export interface AttemptsOptions {
  readonly outbox: Pick<Outbox, 'record' | 'renew' | 'release'>;
  readonly sender: Sender;
  readonly log: { error(details: object, message: string): void };
  /** Called when an attempt is no longer in progress. */
  onEnd(): void;
}

interface UnderWay {
  deliveries: Claimed['deliveries'];
  /** The renewal of the claim: the current one, or the last. */
  renewal: Promise<void> | null;
  /** Whether the attempt has ended, so that only its outcome is left to record. */
  hasEnded: boolean;
}

export function createAttempts({ outbox, sender, log, onEnd }: AttemptsOptions): Attempts {
  const broken = new AbortController();
  const underWay = new Map<Promise<void>, UnderWay>();

  /** One attempt, from sending to recording. */
  async function make(one: UnderWay, endpoint: Claimed['endpoint']): Promise<void> {
    const [first, ...others] = one.deliveries;
    const messages = [toMessage(first), ...others.map(toMessage)] as const;
    try {
      const outcome = await sender.send({ endpoint, messages }, broken.signal);
      // The record finds the deliveries by their claim, so from here on no renewal may change it.
      one.hasEnded = true;
      await one.renewal;
      if (outcome === null) await outbox.release(one.deliveries);
      else await outbox.record(one.deliveries, outcome);
    } catch (err) {
      const { webhookId, messageId } = first;
      log.error(
        { err, webhookId, messageId },
        'The outcome of a delivery to a webhook was not stored; the delivery will be repeated',
      );
    }
  }

  async function renew(one: UnderWay): Promise<void> {
    try {
      one.deliveries = await outbox.renew(one.deliveries);
    } catch (err) {
      log.error({ err }, 'A delivery to a webhook is still in progress; it may be repeated');
    }
  }

  return {
    underWay: () => [...underWay.values()].map(({ deliveries: [first] }) => first),
    begin({ deliveries, endpoint }) {
      const one: UnderWay = { deliveries, renewal: null, hasEnded: false };
      const made = make(one, endpoint).finally(() => {
        underWay.delete(made);
        onEnd();
      });
      underWay.set(made, one);
    },
    async renewAll() {
      const lasting = [...underWay.values()].filter(({ hasEnded }) => !hasEnded);
      for (const one of lasting) one.renewal = renew(one);
      await Promise.all(lasting.map(({ renewal }) => renewal));
    },
    async finish(graceMs) {
      const timer = setTimeout(() => broken.abort(), graceMs);
      await Promise.all(underWay.keys());
      clearTimeout(timer);
    },
  };
}

const toMessage = ({ messageId, payload }: StoredDelivery): AlertMessage => ({
  messageId,
  notice: readNotice(payload),
});
