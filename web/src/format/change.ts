/** How a value changed since the previous period. `none` if there is nothing to compare with. */
export type Direction = 'up' | 'down' | 'flat' | 'none';

/** A change in words and its direction. */
export interface Change {
  text: string;
  direction: Direction;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const percent = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
const times = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });

/** From here on, "×12" reads better than "+1,100 %". */
const TIMES_FROM = 10;
/** Smaller changes are not visible to a reader. */
const FLAT_BELOW = 0.0005;

/** The change from `before` to `now`: "+12.4 %", "−3 %", "×12"; "new" where it was 0. */
export function formatChange(now: number | null | undefined, before: number | null | undefined): Change {
  if (now === null || now === undefined || before === null || before === undefined) {
    return { text: '', direction: 'none' };
  }
  if (before === 0) return now === 0 ? { text: '0\u00a0%', direction: 'flat' } : fromNothing(now);
  const share = (now - before) / Math.abs(before);
  if (Math.abs(share) < FLAT_BELOW) return { text: '0\u00a0%', direction: 'flat' };
  const direction = share > 0 ? 'up' : 'down';
  if (before > 0 && now / before >= TIMES_FROM) return { text: `×${times.format(now / before)}`, direction };
  const format = Math.abs(share) < 1 ? percent : whole;
  return { text: `${format.format(share * 100).replace('-', '−')}\u00a0%`, direction };
}

const fromNothing = (now: number): Change => ({ text: 'new', direction: now > 0 ? 'up' : 'down' });
