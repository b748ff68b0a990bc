import { InvalidArgument } from './errors.ts';

/**
 * The number, when it is a whole one from 1 to `most`.
 *
 * @throws InvalidArgument at `argument` when it is not.
 */
export function checkBetween(value: number, most: number, argument: string): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new InvalidArgument(`\`${argument}\` must be between 1 and ${most}, not ${value}.`, argument);
}
