import type { CollectResult } from './collect.ts';

/** Renders the result of a collection as lines to print. */
export function renderResult(result: CollectResult, seconds: number): string[] {
  const { commits, accepted, duplicates, rejected, firstRejected, unreadable } = result;
  const more = rejected - firstRejected.length;
  const rate = Math.round(commits / Math.max(seconds, 0.001));
  return [
    ...(rejected > 0 ? ['Rejected commits:'] : []),
    ...firstRejected.map(({ hash, reason }) => `  ${hash}: ${reason}`),
    ...(more > 0 ? [`  … and ${count(more)} more`] : []),
    ...(unreadable > 0
      ? [
          `${count(unreadable)} ${unreadable === 1 ? 'commit is' : 'commits are'} left out: ` +
            'the clone is shallow, so the commits before them are missing. Fetch these with git ' +
            'fetch --unshallow.',
        ]
      : []),
    `${count(commits)} ${commits === 1 ? 'commit' : 'commits'}: ${count(accepted)} accepted, ${count(duplicates)} duplicates, ` +
      `${count(rejected)} rejected, ${count(rate)} commits/s`,
  ];
}

const count = (number: number): string => number.toLocaleString('en');
