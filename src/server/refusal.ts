import type { ErrorCode } from '../core/errors.ts';

/**
 * A request that is answered before any GraphQL: the answer is shaped like a GraphQL error all the
 * same.
 */
export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** The body of a refusal's answer. */
export function refusalBody({ message, code }: Refusal): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

/** A refusal as a fetch response. */
export function refusalResponse(refusal: Refusal, fetchAPI: { Response: typeof Response }): Response {
  return new fetchAPI.Response(refusalBody(refusal), {
    status: refusal.status,
    headers: { ...refusal.headers, 'content-type': JSON_TYPE },
  });
}
