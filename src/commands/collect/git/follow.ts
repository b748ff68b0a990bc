import { TelltaleError } from '../../../core/errors.ts';

export interface FollowOptions {
  /** A text that differs when there is something new. */
  look(): Promise<string>;
  /** Records what is new. */
  collect(): Promise<void>;
  /** What `look` gave when everything was recorded. */
  readonly seen: string;
  /** Waits until the next look; comes back at once when the signal ends it. */
  pause(signal: AbortSignal): Promise<unknown>;
  /**
   * Told of failures that may pass: a server that is away. The same one is not told twice in a row.
   */
  onProblem(message: string): void;
  readonly signal: AbortSignal;
}

/**
 * Looks for something new again and again until the signal ends it. A failure that somebody can
 * mend (a server that is away, a repository that cannot be read for now) is told, and tried again
 * at the next look.
 *
 * @throws any other error
 */
export async function follow({
  look,
  collect,
  seen,
  pause,
  onProblem,
  signal,
}: FollowOptions): Promise<void> {
  let collected = seen;
  let problem: string | null = null;
  while (!signal.aborted) {
    await pause(signal);
    if (signal.aborted) return;
    try {
      const found = await look();
      if (found !== collected) await collect();
      collected = found;
      problem = null;
    } catch (error) {
      // What Ctrl-C interrupts is no failure.
      if (signal.aborted) return;
      if (!(error instanceof TelltaleError)) throw error;
      if (error.message !== problem) onProblem(error.message);
      problem = error.message;
    }
  }
}
