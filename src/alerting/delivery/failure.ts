import { PrivateAddress } from './address-guard.ts';

/** Frequent causes by code, each the end of a sentence that begins with the host. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection.',
  ECONNRESET: 'closed the connection before it answered.',
  EPIPE: 'closed the connection before it answered.',
  EHOSTUNREACH: 'cannot be reached.',
  ENETUNREACH: 'cannot be reached.',
  ETIMEDOUT: 'did not accept the connection in time.',
  ENOTFOUND: 'is not a known host name.',
  EAI_AGAIN: 'could not be resolved: the name servers did not answer.',
  CERT_HAS_EXPIRED: 'has a certificate that has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed certificate.',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate from an authority that is not trusted here.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate from an authority that is not trusted here.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another host name.',
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
