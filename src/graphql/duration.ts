import { InvalidArgument } from '../core/errors.ts';
import { resolveRange } from '../core/time/range.ts';

/**
 * The instant so long before now, in epoch milliseconds.
 *
 * @throws InvalidArgument at `argument` unless the duration is at least a millisecond.
 */
export function instantBefore(duration: string, now: number, argument: string): number {
  try {
    return resolveRange({ last: duration }, now, argument).from;
  } catch (error) {
    // There the duration is a part of a range; here it is the argument itself.
    if (!(error instanceof InvalidArgument)) throw error;
    throw new InvalidArgument(error.message.replace(`${argument}.last`, argument), argument);
  }
}
