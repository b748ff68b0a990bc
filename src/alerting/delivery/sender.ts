import { performance } from 'node:perf_hooks';
import type { Clock } from '../../core/clock.ts';
import { firstCharacters } from '../../core/cut-text.ts';
import { maskSecrets } from '../../core/mask-secrets.ts';
import { createAddressSet, hostOf, type Network } from '../../core/networks.ts';
import { guardedLookup, type Lookup, systemLookup } from './address-guard.ts';
import type { AlertNotice } from './channels/channel.ts';
import { channelOf } from './channels/channels.ts';
import { hideSecret } from './channels/credentials.ts';
import { describeFailure } from './failure.ts';
import type { Outcome } from './outcome.ts';
import { post } from './post.ts';
import { shareLookups } from './share-lookups.ts';

/** Where alerts are told, as it is stored. */
export interface Endpoint {
  /** Chooses the channel. */
  readonly kind: string;
  /** What is shown of the URL: see `Credentials`. */
  readonly url: string;
  readonly secret: string;
  /** The secret before, and until when it counts. Left out or null: there is none. */
  readonly previousSecret?: string | null;
  readonly previousSecretUntil?: Date | null;
}

/** What is to be told, and where. */
export interface Message {
  /** The same in all attempts. */
  readonly messageId: string;
  readonly endpoint: Endpoint;
  readonly notice: AlertNotice;
}

/** Makes attempts. */
export interface Sender {
  /**
   * One attempt, which ends in bounded time and never throws. Null: the signal ended it before
   * there was an answer.
   */
  send(message: Message, signal: AbortSignal): Promise<Outcome | null>;
}

export interface SenderOptions {
  readonly clock: Clock;
  /** Private addresses that may be called. */
  readonly allowed: readonly Network[];
  /**
   * For all of an attempt, from the look-up of the name to the end of the answer. Default: 10,000.
   */
  readonly timeoutMs?: number;
  readonly lookup?: Lookup;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** As many characters of an answer, or of an error, are kept. */
const KEPT_CHARACTERS = 1000;

const COMMON_HEADERS = {
  'content-type': 'application/json',
  'user-agent': 'Telltale',
  'accept-encoding': 'identity',
};

type Result = Omit<Outcome, 'startedAt' | 'durationMs'>;

const NO_ANSWER = { statusCode: null, final: false, responseBody: null, retryAfterMs: null };

export function createSender(options: SenderOptions): Sender {
  const { clock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const lookup = shareLookups(options.lookup ?? systemLookup);
  const allowed = createAddressSet(options.allowed);

  async function call(message: Message, signal: AbortSignal): Promise<Result> {
    const { messageId, notice, endpoint } = message;
    const { kind, secret } = endpoint;
    const channel = channelOf(kind);
    const url = new URL(channel.credentials.addressOf(endpoint));
    const body = JSON.stringify(channel.render(notice, secret));
    const pinned = await unlessAborted(guardedLookup(hostOf(url), lookup, allowed), signal);
    const sentAt = clock.now();
    const previousSecret = previousSecretOf(endpoint, sentAt);
    const own = channel.headers({ messageId, secret, previousSecret, body, sentAt });
    const headers = { ...COMMON_HEADERS, ...own };
    // An agent of its own: the common one may keep connections open, or follow a proxy of the
    // environment.
    const answer = await post(url, Buffer.from(body), { agent: false, lookup: pinned, headers, signal });
    return {
      ...channel.judge(answer, clock.now()),
      statusCode: answer.status,
      responseBody: answer.body.toString(),
    };
  }

  return {
    async send(message, signal) {
      const { endpoint } = message;
      const host = hostOf(new URL(endpoint.url));
      const startedAt = clock.now();
      const begun = performance.now();
      const deadline = createDeadline(signal, timeoutMs);
      const ended = (result: Result): Outcome => ({
        ...result,
        error: keep(result.error, endpoint),
        responseBody: keep(result.responseBody, endpoint),
        startedAt,
        durationMs: Math.round(performance.now() - begun),
      });
      try {
        return ended(await call(message, deadline.signal));
      } catch (error) {
        if (signal.aborted) return null;
        const reason = deadline.signal.aborted
          ? `${host} did not answer within ${timeoutMs / 1000} seconds.`
          : describeFailure(error, host);
        return ended({ ...NO_ANSWER, error: reason });
      } finally {
        deadline.clear();
      }
    },
  };
}

function previousSecretOf(endpoint: Endpoint, now: number): string | null {
  const { previousSecret = null, previousSecretUntil } = endpoint;
  return (previousSecretUntil?.getTime() ?? 0) > now ? previousSecret : null;
}

/**
 * The beginning of a text of somebody else, as it may be stored: no secrets, no U+0000, which
 * PostgreSQL refuses, no half of a surrogate pair.
 */
function keep(text: string | null, { secret, previousSecret }: Endpoint): string | null {
  if (text === null) return null;
  const hidden = maskSecrets(hideSecret(hideSecret(text, secret), previousSecret ?? ''));
  return firstCharacters(hidden.replaceAll('\0', '\ufffd'), KEPT_CHARACTERS);
}

/** A signal that says so when the other does, and when time is up. */
function createDeadline(signal: AbortSignal, timeoutMs: number) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

/** The value; or the signal's reason as soon as it says so: a look-up cannot be ended. */
function unlessAborted<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    value.then(resolve, reject);
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
