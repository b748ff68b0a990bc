import type { Dataset } from './events.ts';

/** A problem with events, for `onError`. It is not thrown. */
export interface Problem {
  /**
   * REJECTED: this event is not stored, because it is invalid. DROPPED: these events were given up;
   * the message says why. RETRYING: a batch was not acknowledged and will be sent again.
   */
  readonly kind: 'REJECTED' | 'DROPPED' | 'RETRYING';
  /**
   * A stable code: one of the server's, such as OUT_OF_RANGE or RATE_LIMITED, or one of the
   * client's.
   */
  readonly code: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
  /** How many events are affected. */
  readonly count: number;
  /** The dataset of a rejected event. */
  readonly dataset?: Dataset | undefined;
  /** The invalid field of a rejected event. */
  readonly field?: string | undefined;
  /** A rejected event as it was sent, after `mask`. */
  readonly event?: unknown;
}

const SAY_AGAIN_MS = 60_000;

/** The default of `onError`: a line for each kind and code of problem, at most once a minute. */
export function createProblemLog(
  now: () => number,
  warn: (line: string) => void = (line) => console.warn(line),
): (problem: Problem) => void {
  const saidAt = new Map<string, number>();
  return ({ kind, code, message, count, dataset, field }) => {
    const key = `${kind} ${code}`;
    const said = saidAt.get(key);
    if (said !== undefined && now() - said < SAY_AGAIN_MS) return;
    saidAt.set(key, now());
    const of = [dataset, field].filter((part) => part !== undefined).join('.');
    const events = count === 1 ? '1 event' : `${count} events`;
    warn(`telltale: ${kind} ${events}${of && ` (${of})`}: ${code}: ${message}`);
  };
}
