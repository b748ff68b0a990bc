import type { SessionsResult } from './collect.ts';

/** Renders the result of a collection as lines to print. */
export function renderSessions(result: SessionsResult, seconds: number): string[] {
  const { datasets, firstRejected, problems } = result;
  const more = result.rejected - firstRejected.length;
  const rate = Math.round(result.lines / Math.max(seconds, 0.001));
  return [
    ...(result.rejected > 0 ? ['Rejected events:', ...firstRejected.map((reason) => `  ${reason}`)] : []),
    ...(more > 0 ? [`  … and ${count(more)} more`] : []),
    ...(problems.length > 0 ? ['Lines that were not read:'] : []),
    ...problems.map(({ problem, lines, first }) => `  ${count(lines)} × ${problem}, first in ${first}`),
    ...Object.entries(datasets).map(
      ([name, { accepted, duplicates }]) => `  ${name}: ${count(accepted)} new, ${count(duplicates)} known`,
    ),
    ...noteIf(result.replaced, 'has different content than before, and was read from the start.'),
    ...noteIf(result.waiting, 'is being written: its last lines wait for the next run.'),
    ...(result.leftOut > 0 ? [`${count(result.leftOut)} events were left out, as the options say.`] : []),
    `${count(result.files)} files with ${count(result.lines)} new lines: ${count(result.accepted)} accepted, ` +
      `${count(result.duplicates)} duplicates, ${count(result.rejected)} rejected, ${count(rate)} lines/s`,
  ];
}

const noteIf = (files: number, words: string): string[] =>
  files === 0 ? [] : [`${count(files)} × a file ${words}`];

const count = (number: number): string => number.toLocaleString('en');
