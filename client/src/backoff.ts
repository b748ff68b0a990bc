const FIRST_MS = 500;
const MAX_MS = 30_000;
/** The longest wait of setTimeout, 24 days. A longer one would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * How long to wait before the next attempt, after this many failed ones: a random time whose upper
 * limit doubles each time ("full jitter"), so that clients do not return together. A wait that the
 * server asks for takes precedence.
 *
 * @param random from 0 to 1
 */
export function waitBefore(failures: number, afterMs: number | null, random: number): number {
  if (afterMs !== null) return Math.min(LONGEST_TIMER_MS, afterMs + random * FIRST_MS);
  return random * Math.min(MAX_MS, FIRST_MS * 2 ** failures);
}
