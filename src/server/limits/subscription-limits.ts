import type { Caller } from '../../access/caller.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { ClientAddress } from '../client-address.ts';
import { createShares, type FullShare, shareOf } from './shares.ts';
import { type AddressCounts, type OpeningRequest, RETRY_AFTER_MS } from './socket-limits.ts';

/** Who subscribes, and over which transport. */
export interface Subscriber {
  readonly caller: Pick<Caller, 'keyId'>;
  /** Absent for a subscription within the process. */
  readonly req?: OpeningRequest;
  /** The WebSocket, if it came over one. */
  readonly socket?: object;
}

/** Limits how many subscriptions run at a time, because each takes memory until it ends. */
export interface SubscriptionLimits {
  /**
   * Counts a subscription.
   *
   * @returns a function to call once, when it has ended
   * @throws TelltaleError OVERLOADED if as many run as may; RATE_LIMITED if the half of this key or
   *   address does, or its address has too many streams open
   */
  take(subscriber: Subscriber): () => void;
}

export interface SubscriptionLimitsOptions {
  readonly addressOf: ClientAddress;
  readonly addresses: AddressCounts;
}

export function createSubscriptionLimits(
  most: number,
  { addressOf, addresses }: SubscriptionLimitsOptions,
): SubscriptionLimits {
  const shares = createShares(most, (full) => refusalOf(full, most));

  function ownerOf({ caller: { keyId }, req }: Subscriber): string | null {
    if (keyId !== null) return `key:${keyId}`;
    return req === undefined ? null : `address:${addressOf(req)}`;
  }

  return {
    take(subscriber) {
      const { req, socket } = subscriber;
      // A WebSocket is counted when it opens, whatever runs over it.
      if (req === undefined || socket !== undefined) return shares.take(ownerOf(subscriber));
      const refusal = addresses.check(req);
      if (refusal !== null) throw new TelltaleError(refusal.code, refusal.message, refusal.details);
      const giveBack = shares.take(ownerOf(subscriber));
      const close = addresses.add(req);
      return () => {
        close();
        giveBack();
      };
    },
  };
}

function refusalOf(full: FullShare, most: number): TelltaleError {
  const details = { retryAfterMs: RETRY_AFTER_MS };
  if (full === 'ALL')
    return new TelltaleError(
      'OVERLOADED',
      `The server runs ${most} subscriptions, as many as it may (MAX_SUBSCRIPTIONS). Try again in ` +
        `${RETRY_AFTER_MS} ms, or at another instance.`,
      details,
    );
  return new TelltaleError(
    'RATE_LIMITED',
    `One API key, or one address without a key, may run ${shareOf(most)} subscriptions at a time, half of ` +
      'MAX_SUBSCRIPTIONS. End some, or let one with a wider filter replace several.',
    details,
  );
}
