import type { Clock } from '../../core/clock.ts';
import { createAddressSet, hostOf, type Network } from '../../core/networks.ts';
import { guardedLookup, type Lookup, systemLookup } from './address-guard.ts';
import type { AlertMessage, HttpChannel } from './channels/channel.ts';
import type { Endpoint, Message, Result } from './message.ts';
import { post } from './post.ts';
import { shareLookups } from './share-lookups.ts';

/** Calls a receiver. Throws if there is no response, or if the signal is aborted. */
export type CallReceiver = (channel: HttpChannel, message: Message, signal: AbortSignal) => Promise<Result>;

export interface HttpTransportOptions {
  readonly clock: Clock;
  /** Private addresses that may be called. */
  readonly allowed: readonly Network[];
  readonly lookup?: Lookup;
}

const COMMON_HEADERS = {
  'content-type': 'application/json',
  'user-agent': 'Telltale',
  'accept-encoding': 'identity',
};

export function createHttpTransport({ clock, ...options }: HttpTransportOptions): CallReceiver {
  const lookup = shareLookups(options.lookup ?? systemLookup);
  const allowed = createAddressSet(options.allowed);

  return async (channel, { endpoint, messages }, signal) => {
    const { secret } = endpoint;
    const url = new URL(channel.credentials.addressOf(endpoint));
    const body = JSON.stringify(render(channel, messages, secret));
    const pinned = await unlessAborted(guardedLookup(hostOf(url), lookup, allowed), signal);
    const sentAt = clock.now();
    const previousSecret = previousSecretOf(endpoint, sentAt);
    const { messageId } = messages[0];
    const own = channel.headers({ messageId, secret, previousSecret, body, sentAt });
    const headers = { ...COMMON_HEADERS, ...own };
    // A dedicated agent: the shared one may keep connections open, or use a proxy from the
    // environment.
    const response = await post(url, Buffer.from(body), { agent: false, lookup: pinned, headers, signal });
    return {
      ...channel.readResponse(response, clock.now()),
      statusCode: response.status,
      responseBody: response.body.toString(),
    };
  };
}

/** @throws Error if several alerts are to share a message of a kind that cannot group. */
function render(channel: HttpChannel, messages: Message['messages'], secret: string): unknown {
  const [{ notice }, ...others] = messages;
  if (others.length === 0) return channel.render(notice, secret);
  if (channel.renderGroup !== undefined) return channel.renderGroup(messages.map(noticeOf));
  throw new Error(`A message of this kind cannot report ${messages.length} alerts.`);
}

const noticeOf = ({ notice }: AlertMessage) => notice;

function previousSecretOf(endpoint: Endpoint, now: number): string | null {
  const { previousSecret = null, previousSecretUntil } = endpoint;
  return (previousSecretUntil?.getTime() ?? 0) > now ? previousSecret : null;
}

/**
 * Resolves with the value, or rejects with the signal's reason as soon as it aborts: a DNS lookup
 * cannot be cancelled.
 */
function unlessAborted<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    value.then(resolve, reject);
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
