import { formatValue, type Unit } from '../../format/value.ts';
import type { Tone } from '../tone.ts';

/** The values of a line, one for each time. Null is a gap: the value at that time is unknown. */
export interface Series {
  /** Determines the colour, so it should be the same on every page. */
  key: string;
  label: string;
  values: readonly (number | null)[];
  style?: 'solid' | 'dashed';
  /** A colour by meaning, instead of one by key. */
  tone?: Tone;
}

/** `bars` and `stacked` add the series up; `line` and `area` overlay them. */
export type ChartKind = 'line' | 'area' | 'bars' | 'stacked';

/** Whether the values of a kind are added up. */
export const isStacked = (kind: ChartKind): boolean => kind === 'bars' || kind === 'stacked';

/** Stacks each series on those before it. A time without any value stays a gap. */
export function stack(rows: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const known = (index: number) => rows.some((row) => (row[index] ?? null) !== null);
  const sums: (number | null)[] = rows[0]?.map((_, index) => (known(index) ? 0 : null)) ?? [];
  return rows.map((row) => {
    for (const [index, value] of row.entries()) {
      const sum = sums[index] ?? null;
      if (sum !== null) sums[index] = sum + (value ?? 0);
    }
    return [...sums];
  });
}

/**
 * Stacked rows without the stretches in which a series adds nothing: its line would lie over those
 * below it in its own colour. The bottom one keeps the line of the ground.
 */
export function withoutFlat(
  stacked: readonly (readonly (number | null)[])[],
  rows: readonly (readonly (number | null)[])[],
): (number | null)[][] {
  const adds = (row: readonly (number | null)[], at: number) => (row[at] ?? 0) !== 0;
  return stacked.map((sums, order) => {
    const row = rows[order] ?? [];
    return sums.map((sum, at) =>
      order === 0 || adds(row, at - 1) || adds(row, at) || adds(row, at + 1) ? sum : null,
    );
  });
}

const SUMMARIZED = 8;

/** A chart in words, for screen readers: the minimum, maximum and last value of each series. */
export function summarize(series: readonly Series[], unit: Unit): string {
  const lines = series.slice(0, SUMMARIZED).map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: no values`;
    const least = formatValue(Math.min(...known), unit);
    const greatest = formatValue(Math.max(...known), unit);
    return `${label}: from ${least} to ${greatest}, last ${formatValue(known.at(-1), unit)}`;
  });
  const more = series.length - lines.length;
  return `${lines.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}
