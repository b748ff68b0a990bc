import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What makes a token that was verified valid no more. */
interface Verified {
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Aborts when the token expires, or when its signing key is replaced. */
  readonly signal: AbortSignal;
}

/** Characters of the texts of all tokens together, which stand for what they say. One has some 400. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * Remembers what verified tokens say, because a signature takes longer than the rest of a request's
 * check. Only valid tokens are remembered, so forged ones do not displace them. Their texts are not
 * kept, but hashes.
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
