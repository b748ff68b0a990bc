import { SECRET_GROUPS } from './secrets/groups.ts';

/** The text that replaces a secret. */
export const MASK = '***';

/**
 * Replaces secrets in free text: API keys, bearer tokens, passwords, cookies, JSON Web Tokens,
 * private keys, credentials in URLs. Names in front of them stay readable. Takes linear time. The
 * text may have been cut off anywhere.
 */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const { hint, patterns } of SECRET_GROUPS) {
    if (!hint.test(masked)) continue;
    for (const pattern of patterns) {
      if (pattern.hint?.test(masked) ?? true) masked = masked.replace(pattern.pattern, keepFirstGroup);
    }
  }
  return masked;
}

/**
 * Keeps the first group of a match. Where a pattern has no group, `replace` passes the position of
 * the match instead.
 */
const keepFirstGroup = (_match: string, first: string | number | undefined): string =>
  typeof first === 'string' ? first + MASK : MASK;

/** Whether a text, or the texts and names of JSON, may hold a secret. */
export function mayHoldSecrets(text: string): boolean {
  return SECRET_GROUPS.some(({ hint }) => hint.test(text));
}
