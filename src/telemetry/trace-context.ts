import { randomBytes } from 'node:crypto';

/**
 * The position of a span in a trace, as W3C Trace Context passes it on.
 * https://www.w3.org/TR/trace-context/
 */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the parent of the next span; empty if there is none. */
  readonly spanId: string;
  /** Whether the spans of the trace are kept. */
  readonly isSampled: boolean;
}

/** A later version may have more fields after the flags; version 00 has not. */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** Null if the caller has sent none, or an invalid one, which counts as none. */
export function readTraceparent(header: string | undefined): TraceContext | null {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header?.trim() ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === '00' && more !== undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export const newTraceId = (): string => randomBytes(16).toString('hex');
export const newSpanId = (): string => randomBytes(8).toString('hex');
