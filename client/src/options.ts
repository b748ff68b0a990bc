import type { CommonFields, Dataset } from './events.ts';
import type { Problem } from './problem.ts';

/** What the client needs of `fetch`. The global one fits; so do Workers' service bindings. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

export interface FetchInit {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
  readonly keepalive?: boolean;
}

export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** The address of a server, and the credentials for it. */
export interface ConnectionOptions {
  /**
   * The server's URL, for example `http://127.0.0.1:4000`; its path `/graphql` is added if none is
   * given.
   */
  readonly url: string;
  /** A key with scope INGEST. A key in a web page is public: give it no other scope. */
  readonly apiKey?: string | undefined;
  /** For a key for all projects, and for servers without keys. */
  readonly project?: string | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
}

export interface TelltaleOptions extends Omit<ConnectionOptions, 'url'> {
  /** Like `ConnectionOptions.url`. Optional if `enabled` is false. */
  readonly url?: string | undefined;
  /** The service of all events that name no other. */
  readonly service?: string | undefined;
  /** The deployment environment, for example "production". */
  readonly environment?: string | undefined;
  /** The version of the software: a tag, a number, or the hash of a commit. */
  readonly release?: string | undefined;
  /** Tags of all events. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * This many events are sent at once, and at most this many in one request (1 to 10,000). Default:
   * 500.
   */
  readonly batchSize?: number | undefined;
  /** Smaller batches are sent after this time. Default: 1,000. */
  readonly flushIntervalMs?: number | undefined;
  /** If more events wait, the oldest are dropped and counted. Default: 10,000. */
  readonly maxQueueEvents?: number | undefined;
  /** Like `maxQueueEvents`, in bytes of JSON. Default: 16,000,000. */
  readonly maxQueueBytes?: number | undefined;
  /** How long a request may take, and `flush` and `close` by default. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * If an attempt fails this long after the first one, the event is dropped and counted. Default:
   * 300,000.
   */
  readonly retryForMs?: number | undefined;
  /** How long the end of the process or page may wait for remaining events. Default: 2,000. */
  readonly exitTimeoutMs?: number | undefined;
  /**
   * Compresses bodies of 4 KiB and more with gzip, if the environment supports it. Default: true.
   */
  readonly compress?: boolean | undefined;
  /**
   * Keeps a serverless function alive until its events are sent: `ctx.waitUntil` of Workers,
   * `waitUntil` of `@vercel/functions`. It gets one promise for all events that are recorded
   * together.
   */
  readonly waitUntil?: ((sent: Promise<unknown>) => void) | undefined;
  /**
   * Changes an event before it is queued, or returns null to omit it, which counts as dropped. If
   * it throws, the event is rejected and not sent.
   */
  readonly mask?: ((event: Record<string, unknown>, dataset: Dataset) => object | null) | undefined;
  /** Default: `console.warn`, once a minute for each kind and code of problem. */
  readonly onError?: ((problem: Problem) => void) | undefined;
  /** If false, nothing is recorded, queued or sent. Default: true. */
  readonly enabled?: boolean | undefined;
  /**
   * Signals at which to send remaining events before they end the process as usual, for example
   * `['SIGTERM']`.
   */
  readonly signals?: readonly string[] | undefined;
}

export interface Settings {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly common: CommonFields;
  readonly batchSize: number;
  readonly flushIntervalMs: number;
  readonly queue: { readonly events: number; readonly bytes: number };
  readonly timeoutMs: number;
  readonly retryForMs: number;
  readonly exitTimeoutMs: number;
  readonly compress: boolean;
  readonly signals: readonly string[];
}

/** The most events that the server accepts in one call. */
const MAX_EVENTS_PER_CALL = 10_000;
const LONGEST_MS = 2 ** 31 - 1;

/**
 * @throws TypeError for an invalid option; the message has its name and says what would be valid
 */
export function readOptions(options: TelltaleOptions): Settings {
  const { service, environment, release, tags } = options;
  const duration = (
    name: 'flushIntervalMs' | 'timeoutMs' | 'retryForMs' | 'exitTimeoutMs',
    byDefault: number,
  ) => wholeNumber(name, options[name] ?? byDefault, [0, LONGEST_MS]);
  return {
    ...readConnection({ ...options, url: options.url ?? '' }),
    common: { service, environment, release, tags },
    batchSize: wholeNumber('batchSize', options.batchSize ?? 500, [1, MAX_EVENTS_PER_CALL]),
    flushIntervalMs: duration('flushIntervalMs', 1_000),
    queue: {
      events: wholeNumber('maxQueueEvents', options.maxQueueEvents ?? 10_000, [1, 1e9]),
      bytes: wholeNumber('maxQueueBytes', options.maxQueueBytes ?? 16e6, [1, 1e12]),
    },
    timeoutMs: duration('timeoutMs', 10_000),
    retryForMs: duration('retryForMs', 300_000),
    exitTimeoutMs: duration('exitTimeoutMs', 2_000),
    compress: options.compress ?? true,
    signals: options.signals ?? [],
  };
}

/** @throws TypeError for an invalid URL */
export function readConnection(options: ConnectionOptions): Pick<Settings, 'endpoint' | 'headers' | 'fetch'> {
  const { apiKey, project, fetch = globalFetch() } = options;
  return {
    endpoint: endpointOf(options.url),
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...(project !== undefined && { 'telltale-project': project }),
    },
    fetch,
  };
}

function endpointOf(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError(
      `url: "${text}" is not a URL. Give the URL of the server, such as http://127.0.0.1:4000.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`url: "${text}" must begin with http:// or https://.`);
  }
  if (url.username || url.password) throw new TypeError('url: give the key as apiKey, not in the URL.');
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

function globalFetch(): Fetch {
  if (typeof fetch !== 'function') throw new TypeError('fetch: this environment has none; pass one.');
  // Not fetch itself: browsers reject calling it as a method of another object.
  return (url, init) => fetch(url, init);
}

function wholeNumber(name: string, value: number, [least, most]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name}: ${value} must be a whole number from ${least} to ${most}.`);
}
