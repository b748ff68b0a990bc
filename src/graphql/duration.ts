import { InvalidArgument } from '../core/errors.ts';
import { resolveRange } from '../core/time/range.ts';

/**
 * The instant `duration` before `now`, in epoch milliseconds.
 *
 * @throws InvalidArgument at `argument` if the duration is shorter than a millisecond.
 */
export function instantBefore(duration: string, now: number, argument: string): number {
  try {
    return resolveRange({ last: duration }, now, argument).from;
  } catch (error) {
    // `resolveRange` names the field of a range, but here the argument itself is the duration.
    if (!(error instanceof InvalidArgument)) throw error;
    throw new InvalidArgument(error.message.replace(`${argument}.last`, argument), argument);
  }
}
