const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size for people: 1,572,864 becomes "1.5 MiB". */
export function showBytes(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount.toLocaleString('en-US', { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${UNITS[unit]}`;
}

const SPANS: readonly (readonly [milliseconds: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** A span for people, in its largest unit: 5,400,000 becomes "1.5 hours". */
export function showSpan(milliseconds: number): string {
  const [unit, name] = SPANS.find(([least]) => milliseconds >= least) ?? [1000, 'second'];
  const amount = (milliseconds / unit).toLocaleString('en-US', { maximumFractionDigits: 1 });
  return `${amount} ${name}${amount === '1' ? '' : 's'}`;
}

/** "1 event", "1,200 events". */
export const showCount = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
