import { endOfDailySpan } from '../../core/time/daily-span.ts';

/** The daily span in which a webhook is told of the worst alone; null: none. */
export interface QuietHours {
  /** "22:00". */
  readonly quietFrom: string | null;
  readonly quietUntil: string | null;
  readonly quietTimeZone: string;
}

/** What is told. */
export interface Told {
  readonly severity: string;
  readonly event: string;
}

/**
 * When to tell what would be told at a time: then, or when the quiet hours end. Somebody waits for
 * a test.
 */
export function timeToTell(hours: QuietHours, { severity, event }: Told, at: Date): Date {
  const { quietFrom: from, quietUntil: until, quietTimeZone: timeZone } = hours;
  if (severity === 'CRITICAL' || event === 'TEST' || from === null || until === null) return at;
  const end = endOfDailySpan({ from, until, timeZone }, at.getTime());
  return end === null ? at : new Date(end);
}
