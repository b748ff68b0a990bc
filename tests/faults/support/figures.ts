import { inspect } from 'node:util';
import { SEED } from './extent.ts';
import { note } from './note.ts';

/** The results of a scenario, which `npm run test:faults` prints once more at its end. */
export function report(scenario: string, figures: Readonly<Record<string, unknown>>): void {
  const text = inspect(figures, { breakLength: Number.POSITIVE_INFINITY, compact: true });
  note(`found: ${scenario} (seed ${SEED}): ${text}`);
}

/** The median and the maximum of some milliseconds. */
export function spread(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((one, other) => one - other).map(Math.round);
  return `p50 ${sorted[Math.floor(sorted.length / 2)]} ms, max ${sorted.at(-1)} ms`;
}
