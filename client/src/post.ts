import { readAnswer, type Verdict } from './answer.ts';
import { type Entry, jsonOf } from './entry.ts';
import { RECORD_ACTIVITY } from './mutation.ts';
import type { Settings } from './options.ts';
import type { Platform } from './platform.ts';

/** Compressing a smaller body takes longer than sending it. */
const COMPRESS_FROM = 4_096;
/** The total size of bodies whose requests browsers let outlive their page. */
const MAX_KEPT_ALIVE = 65_536;
/** How many bytes of uncompressed events fit into them. */
export const MAX_BYTES_AFTER_THE_END = 60_000;

/** Sends a batch once. Resolves with what is known afterwards; never rejects. */
export type Post = (batch: readonly Entry[], signal: AbortSignal) => Promise<Verdict>;

export function createPost(settings: Settings, platform: Platform): Post {
  async function bodyOf(batch: readonly Entry[]): Promise<RequestParts> {
    const body = bodyBytes(batch);
    if (!settings.compress || platform.gzip === null || body.length < COMPRESS_FROM) return { body };
    // The page would be gone before compression ends.
    if (platform.isEnding()) return { body };
    return { body: await platform.gzip(body), encoding: 'gzip' };
  }

  return async (batch, signal) => {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener('abort', stop);
    const forgetTimer = platform.startTimer(stop, settings.timeoutMs);
    try {
      const { body, encoding } = await bodyOf(batch);
      const response = await settings.fetch(settings.endpoint, {
        method: 'POST',
        headers: { ...settings.headers, ...(encoding && { 'content-encoding': encoding }) },
        body,
        signal: attempt.signal,
        ...(platform.isEnding() && body.length <= MAX_KEPT_ALIVE && { keepalive: true }),
      });
      const { status, headers } = response;
      const answer = { status, retryAfter: headers.get('retry-after'), text: await response.text() };
      return readAnswer(answer, batch.length, platform.now());
    } catch (error) {
      if (!attempt.signal.aborted) return retry('UNREACHABLE', describe(error));
      return retry('TIMEOUT', `The server did not answer within ${settings.timeoutMs} ms (timeoutMs).`);
    } finally {
      forgetTimer();
      signal.removeEventListener('abort', stop);
    }
  };
}

interface RequestParts {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly encoding?: 'gzip';
}

/** The events of a batch by dataset, in their order in the body. */
export function byDataset(batch: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of batch) {
    const group = groups.get(entry.dataset);
    if (group === undefined) groups.set(entry.dataset, [entry]);
    else group.push(entry);
  }
  return groups;
}

const encoder = new TextEncoder();
const BEFORE = encoder.encode(`{"query":${JSON.stringify(RECORD_ACTIVITY)},"variables":{"input":{`);
const AFTER = encoder.encode('}}}');
const COMMA = encoder.encode(',');
const END_OF_LIST = encoder.encode(']');

function bodyBytes(batch: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [BEFORE];
  for (const [dataset, entries] of byDataset(batch)) {
    parts.push(encoder.encode(`${parts.length > 1 ? ',' : ''}"${dataset}":[`));
    entries.forEach((entry, at) => {
      if (at > 0) parts.push(COMMA);
      parts.push(jsonOf(entry));
    });
    parts.push(END_OF_LIST);
  }
  parts.push(AFTER);
  const body = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

const retry = (code: string, message: string): Verdict => ({ kind: 'RETRY', code, message, afterMs: null });

/** The message of Node's fetch says only that it failed; the cause says why. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const reason = cause instanceof Error ? cause.message || (cause as { code?: string }).code : undefined;
  return reason ? `${error.message}: ${reason}` : error.message;
}
