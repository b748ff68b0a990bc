/**
 * The name of an enum value for a column or a word: `timeToFirstTokenMs` →
 * `TIME_TO_FIRST_TOKEN_MS`.
 */
export function constantName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
