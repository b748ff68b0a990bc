/**
 * The errors that callers may see. Each has a stable `code`. The GraphQL layer copies `code` and
 * `details` into `extensions`. Any other error is unexpected: the server logs it and answers
 * INTERNAL without its message.
 */

const ERROR_CODES = [
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'OVERLOADED',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'UNAVAILABLE',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Whether the `code` of an error from elsewhere is one of ours. */
export const isErrorCode = (code: unknown): code is ErrorCode => ERROR_CODES.some((one) => one === code);

export class TelltaleError extends Error {
  override readonly name: string = 'TelltaleError';
  readonly code: ErrorCode;
  /** Machine-readable facts for `extensions`, such as `argument` or `retryAfterMs`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/**
 * An argument that cannot be used. `argument` is its path, such as `range.last`. The message says
 * what would be valid.
 */
export class InvalidArgument extends TelltaleError {
  override readonly name = 'InvalidArgument';

  constructor(message: string, argument: string) {
    super('BAD_USER_INPUT', message, { argument });
  }
}

/** The write queue is full. The mutation stored nothing; send it again after `retryAfterMs`. */
export class Overloaded extends TelltaleError {
  override readonly name = 'Overloaded';

  constructor(retryAfterMs: number) {
    super('OVERLOADED', `The write queue is full: nothing was stored. Try again in ${retryAfterMs} ms.`, {
      retryAfterMs,
    });
  }
}
