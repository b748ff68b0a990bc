import { appendFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { isLong, SEED } from './extent.ts';

/**
 * What a scenario found, for whoever runs the long form: `npm run test:faults` prints the lines at
 * its end. The short form says nothing.
 */
export function report(scenario: string, figures: Readonly<Record<string, unknown>>): void {
  const file = process.env['FAULTS_REPORT'];
  if (!isLong || file === undefined) return;
  const text = inspect(figures, { breakLength: Number.POSITIVE_INFINITY, compact: true });
  appendFileSync(file, `${scenario} (seed ${SEED}): ${text}\n`);
}

/** The middle of some milliseconds, and the most. */
export function spread(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((one, other) => one - other).map(Math.round);
  return `p50 ${sorted[Math.floor(sorted.length / 2)]} ms, max ${sorted.at(-1)} ms`;
}
