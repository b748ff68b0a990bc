/**
 * Text that looks random and is the same in each run. Written out in the source, it would alarm
 * secret scanners.
 */
function repeated(characters: string): (length: number) => string {
  return (length) => characters.repeat(Math.ceil(length / characters.length)).slice(0, length);
}

export const word = repeated('aB3dE5gH7jK9mN2pQ4rS6tU8vW1xY0z');
export const hex = repeated('9f86d081884c7d659a2feaa0c55ad015');
export const capitals = repeated('K7QZ2MX4T6PRYV3N5JHW');
export const digits = repeated('4829105736');
