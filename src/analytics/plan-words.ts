import type { Fit } from './fit.ts';

export const toIso = (instant: number): string => new Date(instant).toISOString();

/** `DAY, HOUR and MINUTE`. */
export const enumerate = (words: readonly string[]): string =>
  words.join(', ').replace(/, (?=[^,]*$)/, ' and ');

export function describeSpan(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 120_000) return `${round(milliseconds / 1000)} s`;
  if (milliseconds < 7_200_000) return `${round(milliseconds / 60_000)} min`;
  return `${round(milliseconds / 3_600_000)} h`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** How the answer differs from the question because data has expired. */
export function changesOf({ missing, since, moved }: Fit): string[] {
  return [
    ...(missing === null ? [] : [`no stored data from before ${toIso(since)} can answer this`]),
    ...(moved.length === 0 ? [] : ['boundaries were moved to the edges of the finest cells that are kept']),
  ];
}
