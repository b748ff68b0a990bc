import type { ImportResult } from './run.ts';

/** Renders the rejected rows, one per line. Empty if there are none. */
export function renderRejections({ rejected, firstRejected }: ImportResult): string[] {
  const lines = firstRejected.map(({ line, reason }) => `  line ${line}: ${reason}`);
  const more = rejected - firstRejected.length;
  if (more > 0) lines.push(`  … and ${count(more)} more`);
  return rejected > 0 ? ['Rejected rows:', ...lines] : [];
}

/** Renders the last line of an import. */
export function renderSummary(result: ImportResult, seconds: number): string {
  const { rows, accepted, duplicates, rejected } = result;
  const rate = Math.round(rows / Math.max(seconds, 0.001));
  return (
    `${count(rows)} rows: ${count(accepted)} accepted, ${count(duplicates)} duplicates, ` +
    `${count(rejected)} rejected, ${count(rate)} rows/s`
  );
}

function count(number: number): string {
  return number.toLocaleString('en');
}
