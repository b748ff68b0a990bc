import { PrivateAddress } from './address-guard.ts';

/** Frequent causes by code, each the end of a sentence that begins with the host. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection.',
  ECONNRESET: 'broke the connection off before it answered.',
  EPIPE: 'broke the connection off before it answered.',
  EHOSTUNREACH: 'cannot be reached.',
  ENETUNREACH: 'cannot be reached.',
  ETIMEDOUT: 'did not take the connection in time.',
  ENOTFOUND: 'is no known name of a host.',
  EAI_AGAIN: 'could not be looked up: the name servers did not answer.',
  CERT_HAS_EXPIRED: 'has a certificate that has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that it signed itself.',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate of an authority that is not known here.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate of an authority that is not known here.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name.',
};

/** Describes why there was no response. */
export function describeFailure(error: unknown, host: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof PrivateAddress) return error.message;
  const cause = 'code' in error ? CAUSES[String(error.code)] : undefined;
  return cause === undefined ? `The request to ${host} failed: ${error.message}` : `${host} ${cause}`;
}

/** Describes why a response does not count; null if it does. */
export function describeStatus(status: number, location: string | undefined): string | null {
  if (status >= 200 && status <= 299) return null;
  const redirect =
    location !== undefined && status >= 300 && status <= 399
      ? `, a redirect to ${location}, which is not followed`
      : '';
  return `It answered with status ${status}${redirect}.`;
}
