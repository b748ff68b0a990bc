import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What makes a verified token invalid. */
interface Verified {
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Aborts when the token expires, or when its signing key is replaced. */
  readonly signal: AbortSignal;
}

/**
 * The most characters of the texts of all cached tokens, as an estimate of their contents. One has
 * some 400.
 */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * Caches the contents of verified tokens, because checking a signature takes longer than the rest
 * of a request's checks. Only valid tokens are cached, so forged ones do not displace them. The
 * cache keeps hashes, not texts.
 */
export function createVerifiedTokens<Token extends Verified>() {
  const tokens = new LRUCache<string, Token>({ maxSize: MAX_CHARACTERS });
  return {
    /** The token with this text, if it was verified and is still valid at `now`. */
    find(text: string, now: number): Token | null {
      const key = digestOf(text);
      const token = tokens.get(key);
      if (token === undefined) return null;
      if (token.expiresAt > now && !token.signal.aborted) return token;
      tokens.delete(key);
      return null;
    },
    add(text: string, token: Token): void {
      tokens.set(digestOf(text), token, { size: text.length });
    },
  };
}

const digestOf = (text: string): string => hash('sha256', text, 'base64');
