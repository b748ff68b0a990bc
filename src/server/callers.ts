import type { Access, Credentials } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import type { MaskError } from '../graphql/errors.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** Identifies who makes a request, before any of it runs. Never rejects. */
export type Callers = (read: () => Credentials) => Promise<{ caller: Caller } | { refusal: Refusal }>;

export interface CallersOptions {
  /** Identifies callers. Its errors become refusals. */
  readonly access: Access;
  readonly maskError: MaskError;
  /**
   * If true, all callers may send only trusted documents, as if their keys were limited to them.
   * With a key, they may also send the dashboard's.
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
 * Applies the limit of the server. Only a key gives access to the dashboard's documents as well.
 * Callers without a key, or with a read token, which is in public pages, may send only the
 * operator's documents. So may a key that has the limit itself.
 */
const limited = (caller: Caller): Caller => ({
  ...caller,
  trustedDocumentsOnly: true,
  dashboardDocuments: isKey(caller) && caller.trustedDocumentsOnly !== true,
});

const isKey = ({ keyId, rows }: Caller): boolean => keyId !== null && rows === undefined;
