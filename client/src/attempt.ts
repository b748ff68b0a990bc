import type { Verdict } from './answer.ts';
import type { Entry } from './entry.ts';
import type { Post } from './post.ts';

/** A batch in progress. */
export interface Attempt {
  /** Null if it was abandoned. */
  readonly verdict: Promise<Verdict | null>;
  /** Does not wait for what cannot be aborted, such as gzip: the page may be gone by then. */
  abandon(): void;
}

export function startAttempt(post: Post, batch: readonly Entry[]): Attempt {
  const controller = new AbortController();
  const { signal } = controller;
  const abandoned = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));
  return { verdict: Promise.race([abandoned, post(batch, signal)]), abandon: () => controller.abort() };
}
