import { EXCEPTION, type Span } from '../../protocol/telemetry.ts';
import { firstText } from '../attributes.ts';
import type { Sender } from '../sender.ts';
import { SESSION_NAMES } from './call-attributes.ts';
import { exceptionOf } from './failure.ts';
import type { OuterSpans } from './outer-spans.ts';

/**
 * Adds the exceptions that a span recorded. An exception that passes through several spans of a
 * trace is recorded by each of them. Within one trace, the same type and message count as one
 * error.
 */
export function addExceptions(span: Span, sender: Sender, outerSpans: OuterSpans): void {
  for (const { name, timeMs, attributes } of span.events) {
    const exception = name === EXCEPTION ? exceptionOf(attributes) : null;
    if (exception === null) continue;
    const index = sender.add('errorLogs', {
      ...sender.common,
      ...exception,
      id: sender.idOf('errorLogs', exceptionKey(span.traceId, exception)),
      timestamp: new Date(timeMs === 0 ? span.endMs : timeMs),
      requestId: span.traceId,
      errorMessage: exception.errorMessage ?? '',
      sessionId: firstText(span.attributes, ...SESSION_NAMES),
    });
    outerSpans.noteEvent({ dataset: 'errorLogs', index, common: sender.common.tags }, span);
  }
}

/** Identifies an exception within a trace, for spans and log records alike. */
export const exceptionKey = (
  traceId: string,
  { errorType, errorMessage }: { readonly errorType: string; readonly errorMessage: string | undefined },
): string => JSON.stringify(['exception', traceId, errorType, errorMessage]);
