import { TelltaleError } from '../../core/errors.ts';

export interface FollowOptions {
  /** Returns a text that changes when there is something new. */
  check(): Promise<string>;
  /** Records what is new. */
  collect(): Promise<void>;
  /** The result of `check` when everything was recorded. */
  readonly seen: string;
  /** Waits until the next check. Returns at once when the signal is aborted. */
  pause(signal: AbortSignal): Promise<unknown>;
  /**
   * Called with a temporary failure, such as an unreachable server, but not twice in a row for the
   * same one.
   */
  onProblem(message: string): void;
  readonly signal: AbortSignal;
}

/**
 * Checks for something new periodically until the signal ends it. A failure that may be temporary
 * (an unreachable server, an unreadable repository) is reported, and retried at the next check.
 *
 * @throws any other error
 */
export async function follow({
  check,
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
      const found = await check();
      if (found !== collected) await collect();
      collected = found;
      problem = null;
    } catch (error) {
      // An interruption by Ctrl-C is not a failure.
      if (signal.aborted) return;
      if (!(error instanceof TelltaleError)) throw error;
      if (error.message !== problem) onProblem(error.message);
      problem = error.message;
    }
  }
}
