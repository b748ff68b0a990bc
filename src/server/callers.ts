import type { Access, Credentials } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import type { MaskError } from '../graphql/errors.ts';
import type { Refusal } from './refusal.ts';

/** Decides who makes a request, before anything of it runs. Never rejects. */
export type Callers = (read: () => Credentials) => Promise<{ caller: Caller } | { refusal: Refusal }>;

const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
};

/** RFC 6750, section 3. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="telltale"' };

export interface CallersOptions {
  /** Decides. Its errors become refusals. */
  readonly access: Access;
  readonly maskError: MaskError;
  /** True: all callers may send trusted documents only, as if their keys said so. */
  readonly trustedDocumentsOnly: boolean;
}

export function createCallers({ access, maskError, trustedDocumentsOnly }: CallersOptions): Callers {
  return async (read) => {
    try {
      const caller = await access.authenticate(read());
      return { caller: trustedDocumentsOnly ? { ...caller, trustedDocumentsOnly } : caller };
    } catch (error) {
      const { message, extensions } = maskError(error);
      const { code: given, http: _http, ...details } = extensions;
      const code = given as Refusal['code'];
      const status = STATUS[code] ?? 500;
      const headers = { ...(status === 401 && CHALLENGE), ...retryAfter(details['retryAfterMs']) };
      return { refusal: { status, code, message, headers, details } };
    }
  };
}

function retryAfter(milliseconds: unknown): Readonly<Record<string, string>> {
  return typeof milliseconds === 'number' ? { 'retry-after': String(Math.ceil(milliseconds / 1000)) } : {};
}
