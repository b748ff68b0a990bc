import { type ErrorCode, isErrorCode } from '../core/errors.ts';
import type { MaskError } from '../graphql/errors.ts';

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

const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  QUERY_TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
};

/** RFC 6750, section 3. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="telltale"' };

/** The answer for an error of a request that is answered without GraphQL. */
export function refusalOf(error: unknown, maskError: MaskError): Refusal {
  const { message, extensions } = maskError(error);
  const { code: given, http: _http, ...details } = extensions;
  const code = isErrorCode(given) ? given : 'INTERNAL';
  const status = STATUS[code] ?? 500;
  const headers = { ...(status === 401 && CHALLENGE), ...retryAfter(details['retryAfterMs']) };
  return { status, code, message, headers, details };
}

function retryAfter(milliseconds: unknown): Readonly<Record<string, string>> {
  return typeof milliseconds === 'number' ? { 'retry-after': String(Math.ceil(milliseconds / 1000)) } : {};
}

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
