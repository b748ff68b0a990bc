import type { Access, Credentials } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import type { MaskError } from '../graphql/errors.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** Decides who makes a request, before anything of it runs. Never rejects. */
export type Callers = (read: () => Credentials) => Promise<{ caller: Caller } | { refusal: Refusal }>;

export interface CallersOptions {
  /** Decides. Its errors become refusals. */
  readonly access: Access;
  readonly maskError: MaskError;
  /**
   * True: all callers may send trusted documents only, as if their keys said so; with a key also
   * the dashboard's.
   */
  readonly trustedDocumentsOnly: boolean;
}

export function createCallers({ access, maskError, trustedDocumentsOnly }: CallersOptions): Callers {
  return async (read) => {
    try {
      const caller = await access.authenticate(read());
      return { caller: trustedDocumentsOnly ? limited(caller) : caller };
    } catch (error) {
      return { refusal: refusalOf(error, maskError) };
    }
  };
}

/**
 * The limit of the server. Only a key opens the dashboard beyond it: whoever has none, or a read token, which
 * is in pages that anybody can read, keeps to the documents of the operator, as does a key that has the limit
 * itself.
 */
const limited = (caller: Caller): Caller => ({
  ...caller,
  trustedDocumentsOnly: true,
  dashboardDocuments: isKey(caller) && caller.trustedDocumentsOnly !== true,
});

const isKey = ({ keyId, rows }: Caller): boolean => keyId !== null && rows === undefined;
