import { type Attributes, EXCEPTION, type Span } from '../../protocol/telemetry.ts';
import { firstText } from '../attributes.ts';

export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string | undefined;
}

/** Why a span failed: its last exception, otherwise the message of its status. */
export function failureOf({ events, statusMessage, attributes }: Span): Failure {
  const exception = events.findLast(({ name }) => name === EXCEPTION);
  const type = exception && firstText(exception.attributes, 'exception.type');
  const message = exception && firstText(exception.attributes, 'exception.message');
  return {
    errorType: firstText(attributes, 'error.type') ?? type ?? 'error',
    errorMessage: message ?? (statusMessage === '' ? undefined : statusMessage),
  };
}

/** The exception that the attributes describe; null if they describe none. */
export function exceptionOf(
  attributes: Attributes,
): (Failure & { readonly stackTrace: string | undefined }) | null {
  const type = firstText(attributes, 'exception.type');
  const message = firstText(attributes, 'exception.message');
  if (type === undefined && message === undefined) return null;
  return {
    errorType: type ?? 'Error',
    errorMessage: message,
    stackTrace: firstText(attributes, 'exception.stacktrace'),
  };
}
