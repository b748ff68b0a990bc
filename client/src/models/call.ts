import type { Telltale } from '../client.ts';
import type { EventOf } from '../events.ts';

/** What is known about a call, as far as the SDK provides it. */
export type CallFields = { readonly [Name in keyof CallEvent]?: CallEvent[Name] | undefined };

type CallEvent = EventOf<'llmCalls'>;

/** What wrappers of SDKs need from a client. */
export type Recorder = Pick<Telltale, 'llmCall' | 'withContext' | 'context'>;

/** A call in progress. It is recorded once, no matter how many methods are called. */
export interface ModelCall {
  /** Records that a part of the answer arrived. The first one counts as the first token. */
  token(): void;
  /** Adds facts from the answer, or from a part of it. */
  learn(fields: CallFields): void;
  /** Records the call: it succeeded, or the consumer left its stream. */
  end(): void;
  /** Records the call with the error that the SDK has thrown. */
  fail(error: unknown): void;
}

export type KnownBefore = CallFields & { readonly provider: string; readonly model: string };

/** Begins a call, in the context of the caller: streams are often read elsewhere. */
export function startCall(telltale: Recorder, before: KnownBefore): ModelCall {
  const context = telltale.context();
  const startedAt = performance.now();
  const timestamp = new Date();
  const since = () => performance.now() - startedAt;
  let known: KnownBefore = before;
  let firstAt: number | null = null;
  let isRecorded = false;

  function record(more: CallFields): void {
    if (isRecorded) return;
    isRecorded = true;
    const latencyMs = since();
    const all = merge(known, { ...timesOf(known, firstAt, latencyMs), ...more, timestamp, latencyMs });
    telltale.withContext(context, () => telltale.llmCall(all));
  }

  return {
    token() {
      firstAt ??= since();
    },
    learn(fields) {
      known = merge(known, fields);
    },
    end: () => record({}),
    fail: (error) => record(describeFailure(error)),
  };
}

function timesOf({ completionTokens }: CallFields, firstAt: number | null, latencyMs: number): CallFields {
  if (firstAt === null) return {};
  const generating = latencyMs - firstAt;
  return {
    timeToFirstTokenMs: firstAt,
    timeToLastTokenMs: latencyMs,
    ...(completionTokens && generating > 0 && { tokensPerSecond: (completionTokens / generating) * 1000 }),
  };
}

/** The class of the failure is the provider's code, otherwise the name of the error. */
function describeFailure(error: unknown): CallFields {
  const { status, code, type, message } = fieldsOf(error);
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return {
    success: false,
    errorType: [code, type].find((word): word is string => typeof word === 'string') ?? name,
    errorMessage: typeof message === 'string' ? message : String(error),
    ...(typeof status === 'number' && { statusCode: status }),
  };
}

/** Unknown values do not hide what was learned before. */
function merge(known: KnownBefore, fields: CallFields): KnownBefore {
  const learned = Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
  return { ...known, ...learned };
}

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The members of an SDK object. Its types are not imported, because they differ between versions.
 */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
