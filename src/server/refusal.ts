import type { ErrorCode } from '../core/errors.ts';

/** The answer to a request that is rejected before any GraphQL runs, as one GraphQL error. */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Facts for `extensions`, such as `retryAfterMs`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** The response body of a refusal. */
export function refusalBody({ message, code, details }: Refusal): string {
  return JSON.stringify({ errors: [{ message, extensions: { ...details, code } }] });
}

/** A refusal as a fetch response. */
export function refusalResponse(refusal: Refusal, fetchAPI: { Response: typeof Response }): Response {
  return new fetchAPI.Response(refusalBody(refusal), {
    status: refusal.status,
    headers: { ...refusal.headers, 'content-type': JSON_TYPE },
  });
}
