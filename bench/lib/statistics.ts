/** The middle value, or the mean of the two middle values. NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Interpolates linearly between the neighbours, like percentile_cont. NaN for no values. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const rank = (sorted.length - 1) * p;
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

/** Rounds to three significant digits: a benchmark is not more precise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return String(rounded(value));
}

/** A table as text. The first column is left-aligned, the others are right-aligned. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** The values of named figures. */
export interface Figures {
  add(name: string, value: number): void;
  /** Like `add`, and prints it to standard error. */
  note(name: string, value: number): void;
  /** The median; NaN without values. */
  of(name: string): number;
}

export function createFigures(): Figures {
  const values = new Map<string, number[]>();
  const add = (name: string, value: number): void => {
    values.set(name, [...(values.get(name) ?? []), value]);
  };
  return {
    add,
    note(name, value) {
      add(name, value);
      process.stderr.write(`  ${name}: ${formatNumber(value)}\n`);
    },
    of: (name) => median(values.get(name) ?? []),
  };
}
