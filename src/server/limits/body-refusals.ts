import type { Refusal } from '../refusal.ts';

const RETRY_AFTER_MS = 1_000;
/** The rest of a rejected body is not read, so the connection cannot carry another request. */
const CLOSE = { connection: 'close' } as const;

/** The maximum size of a body, and the variable that sets it. */
export interface BodyLimit {
  readonly bytes: number;
  readonly variable: 'MAX_BODY_BYTES' | 'MAX_INGEST_BODY_BYTES';
}

export function tooLarge({ bytes, variable }: BodyLimit): Refusal {
  return {
    status: 413,
    code: 'BAD_USER_INPUT',
    message: `The request body is larger than ${bytes} bytes (${variable}). ${adviceFor(variable)}`,
    headers: CLOSE,
  };
}

const adviceFor = (variable: BodyLimit['variable']): string =>
  variable === 'MAX_BODY_BYTES'
    ? 'Only requests with `record…` mutations may be larger.'
    : 'Send the events in smaller batches.';

export function noRoom(): Refusal {
  return {
    status: 503,
    code: 'OVERLOADED',
    message:
      'The server is processing too many large requests (REQUEST_BUDGET_BYTES): nothing was stored. ' +
      `Try again in ${RETRY_AFTER_MS} ms, or send smaller batches.`,
    headers: { ...CLOSE, 'retry-after': String(RETRY_AFTER_MS / 1000) },
    details: { retryAfterMs: RETRY_AFTER_MS },
  };
}

export function tooSlow(seconds: number, bytes: number): Refusal {
  return {
    status: 408,
    code: 'BAD_USER_INPUT',
    message: `The request body came too slowly: less than ${bytes} bytes in ${seconds} seconds.`,
    headers: CLOSE,
  };
}

export function unsupportedEncoding(encoding: string): Refusal {
  return {
    status: 415,
    code: 'BAD_USER_INPUT',
    message: `The request body has the content encoding ${encoding}. Send it with gzip, br, or none.`,
    headers: { ...CLOSE, 'accept-encoding': 'gzip, br, identity' },
  };
}

export function notDecodable(encoding: string): Refusal {
  return {
    status: 400,
    code: 'BAD_USER_INPUT',
    message: `The request body is not complete and valid ${encoding}.`,
  };
}
