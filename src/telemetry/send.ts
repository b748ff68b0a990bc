import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A receiver of OTLP/HTTP. */
export interface Collector {
  /** The URL for the signal, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const zip = promisify(gzip);
const JSON_TYPE = 'application/json';

/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The collector rejected it for good. */
class RefusedByCollector extends Error {
  override readonly name = 'RefusedByCollector';
}

export const isRefused = (error: unknown): boolean => error instanceof RefusedByCollector;

/**
 * Sends a request once.
 *
 * @throws Error that says why it was not accepted
 */
export async function send(
  { url, headers, timeoutMs }: Collector,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': JSON_TYPE, 'content-encoding': 'gzip' },
    body: new Uint8Array(await zip(body)),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    redirect: 'error',
  });
  // Read, so that the connection can be reused.
  const text = await response.text();
  if (response.ok) return;
  const message = `The collector answers ${response.status}: ${text.slice(0, 200)}`;
  throw RETRYABLE.has(response.status) ? new Error(message) : new RefusedByCollector(message);
}
