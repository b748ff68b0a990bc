import { InvalidArgument } from '../core/errors.ts';

const MAX_LENGTH = 100;

/**
 * Checks the name of a key or project. Terminals show it, so it must not contain control
 * characters.
 *
 * @throws InvalidArgument
 */
export function checkName(name: string | null | undefined, argument: string): void {
  if (name === null || name === undefined) return;
  const isValid = name.trim() !== '' && name.length <= MAX_LENGTH && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name);
  if (isValid) return;
  throw new InvalidArgument(
    `A name must have 1 to ${MAX_LENGTH} characters, and no control characters such as line breaks.`,
    argument,
  );
}
