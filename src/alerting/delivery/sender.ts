import { performance } from 'node:perf_hooks';
import type { Clock } from '../../core/clock.ts';
import { firstCharacters } from '../../core/cut-text.ts';
import { maskSecrets } from '../../core/mask-secrets.ts';
import { hostOf, type Network } from '../../core/networks.ts';
import type { Lookup } from './address-guard.ts';
import { channelOf } from './channels/channels.ts';
import { hidePassword, hideSecret } from './channels/credentials.ts';
import { describeFailure } from './failure.ts';
import { createHttpTransport } from './http-transport.ts';
import { createMailTransport, type MailAccount } from './mail-transport.ts';
import { type Endpoint, type Message, NO_ANSWER, type Result } from './message.ts';
import type { Outcome } from './outcome.ts';

/** Makes attempts. */
export interface Sender {
  /**
   * Makes one attempt, which ends in bounded time and never throws. Null if the signal ended it
   * before there was a response.
   */
  send(message: Message, signal: AbortSignal): Promise<Outcome | null>;
}

export interface SenderOptions {
  readonly clock: Clock;
  /** Private addresses that may be called. */
  readonly allowed: readonly Network[];
  /** The account that sends e-mails. If absent or null, e-mails fail. */
  readonly mail?: MailAccount | null;
  /**
   * Covers a whole attempt, from resolving the name to the end of the response. Default: 10,000.
   */
  readonly timeoutMs?: number;
  readonly lookup?: Lookup;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** How many characters of a response, or of an error, are stored. */
const KEPT_CHARACTERS = 1000;

export function createSender(options: SenderOptions): Sender {
  const { clock, mail = null, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const callReceiver = createHttpTransport(options);
  const sendMail = createMailTransport(mail, clock);

  async function call(message: Message, signal: AbortSignal): Promise<Result> {
    const channel = channelOf(message.endpoint.kind);
    return channel.transport === 'http'
      ? callReceiver(channel, message, signal)
      : sendMail(channel, message, signal);
  }

  /**
   * The beginning of a foreign text in a form that can be stored: without secrets, without U+0000,
   * which PostgreSQL rejects, and without half of a surrogate pair.
   */
  function keep(text: string | null, { secret, previousSecret }: Endpoint): string | null {
    if (text === null) return null;
    const hidden = hideSecret(hideSecret(text, secret), previousSecret ?? '');
    const masked = maskSecrets(hidePassword(hidden, mail?.server.login ?? null));
    return firstCharacters(masked.replaceAll('\0', '\ufffd'), KEPT_CHARACTERS);
  }

  return {
    async send(message, signal) {
      const { endpoint } = message;
      const url = new URL(endpoint.url);
      const host = url.protocol === 'mailto:' ? mail?.server.host : hostOf(url);
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
          : describeFailure(error, String(host));
        return ended({ ...NO_ANSWER, error: reason });
      } finally {
        deadline.clear();
      }
    },
  };
}

/** A signal that aborts when the given one does, or when time is up. */
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
