import type { RecordActivityMutation } from './generated/events.ts';

export type Rejection = RecordActivityMutation['recordActivity']['rejected'][number];

/** What an answer says about a batch. */
export type Verdict =
  /** The server has committed all events except the rejected ones. */
  | { readonly kind: 'RECORDED'; readonly rejected: readonly Rejection[] }
  /** The events are not stored, or it is unknown whether they are. Another attempt may succeed. */
  | {
      readonly kind: 'RETRY';
      readonly code: string;
      readonly message: string;
      readonly afterMs: number | null;
    }
  | { readonly kind: 'TOO_LARGE'; readonly message: string }
  /**
   * None of the events is stored, and the same call would fail again. If `dataset` is named, it
   * alone is at fault.
   */
  | {
      readonly kind: 'REFUSED';
      readonly code: string;
      readonly message: string;
      readonly dataset: string | null;
    };

export interface Answer {
  readonly status: number;
  /** The header Retry-After. */
  readonly retryAfter: string | null;
  readonly text: string;
}

/** Codes of the server after which another attempt may succeed. */
const TRANSIENT = new Set(['OVERLOADED', 'RATE_LIMITED', 'UNAVAILABLE', 'INTERNAL']);
const TRANSIENT_STATUS = new Set([408, 425, 429]);

/**
 * Reads the answer to a call with this many events. Only an answer that accounts for all of them
 * counts as an acknowledgement: a proxy's page with status 200 does not.
 *
 * @param now epoch milliseconds, for a Retry-After that is a date
 */
export function readAnswer(answer: Answer, events: number, now: number): Verdict {
  const body = parseObject(answer.text);
  const recorded = recordedOf(body, events);
  if (recorded !== null) return { kind: 'RECORDED', rejected: recorded };
  const error = firstError(body);
  const message = error?.message ?? `The server answered with status ${answer.status}.`;
  if (answer.status === 413) return { kind: 'TOO_LARGE', message };
  const code = error?.code ?? `HTTP_${answer.status}`;
  if (isTransient(answer.status, error?.code)) {
    const after = [retryAfterOf(answer.retryAfter, now), error?.retryAfterMs ?? null];
    const known = after.filter((value) => value !== null);
    return { kind: 'RETRY', code, message, afterMs: known.length > 0 ? Math.max(...known) : null };
  }
  return { kind: 'REFUSED', code, message, dataset: error?.dataset ?? null };
}

function isTransient(status: number, code: string | undefined): boolean {
  if (code !== undefined) return TRANSIENT.has(code);
  // A success without one of the server's codes comes from something in between.
  return TRANSIENT_STATUS.has(status) || status >= 500 || status < 300;
}

function recordedOf(body: Fields | null, events: number): readonly Rejection[] | null {
  const data = asFields(body?.['data']);
  const recorded = asFields(data?.['recordActivity']);
  const rejected = recorded?.['rejected'];
  if (recorded === null || !Array.isArray(rejected) || !rejected.every(isRejection)) return null;
  const settled = Number(recorded['accepted']) + Number(recorded['duplicates']) + rejected.length;
  return settled === events ? rejected : null;
}

function isRejection(value: unknown): value is Rejection {
  const { dataset, index, code, message } = asFields(value) ?? {};
  return [dataset, code, message].every((text) => typeof text === 'string') && Number.isInteger(index);
}

interface ServerError {
  readonly message: string;
  readonly code: string | undefined;
  readonly retryAfterMs: number | null;
  /** The dataset in an argument such as `input.llmCalls`. */
  readonly dataset: string | null;
}

function firstError(body: Fields | null): ServerError | null {
  const errors = body?.['errors'];
  const error = asFields(Array.isArray(errors) ? errors[0] : null);
  if (error === null) return null;
  const extensions = asFields(error['extensions']) ?? {};
  const { code, retryAfterMs, argument } = extensions;
  return {
    message: String(error['message']),
    code: typeof code === 'string' ? code : undefined,
    retryAfterMs: typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? retryAfterMs : null,
    dataset: /^input\.(\w+)$/.exec(String(argument))?.[1] ?? null,
  };
}

/**
 * Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from now; null if it is neither.
 */
function retryAfterOf(value: string | null, now: number): number | null {
  if (value === null || value.trim() === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

type Fields = Readonly<Record<string, unknown>>;

const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null;

function parseObject(text: string): Fields | null {
  try {
    return asFields(JSON.parse(text));
  } catch {
    // Not from the server: a proxy's page, or a part of an answer.
    return null;
  }
}
