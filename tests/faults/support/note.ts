import { appendFileSync } from 'node:fs';

/**
 * Says how far a run is, for `npm run test:faults`, which prints the lines as they come. Otherwise
 * nothing.
 */
export function note(line: string): void {
  const file = process.env['FAULTS_REPORT'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
