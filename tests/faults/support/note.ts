import { appendFileSync } from 'node:fs';

/**
 * Reports the progress of a run to `npm run test:faults`, which prints the lines at once. Does
 * nothing otherwise.
 */
export function note(line: string): void {
  const file = process.env['FAULTS_REPORT'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
