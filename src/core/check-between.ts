import { InvalidArgument } from './errors.ts';

/**
 * Returns the number if it is an integer from 1 to `most`.
 *
 * @throws InvalidArgument at `argument` if it is not.
 */
export function checkBetween(value: number, most: number, argument: string): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new InvalidArgument(`\`${argument}\` must be between 1 and ${most}, not ${value}.`, argument);
}
