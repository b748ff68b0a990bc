import { endOfDailySpan } from '../../core/time/daily-span.ts';

/**
 * The daily span in which a webhook receives only CRITICAL alerts and tests; null if there is none.
 */
export interface QuietHours {
  /** "22:00". */
  readonly quietFrom: string | null;
  readonly quietUntil: string | null;
  readonly quietTimeZone: string;
}

/** What decides whether a notification may wait. */
export interface Notification {
  readonly severity: string;
  readonly event: string;
}

/**
 * When to send a notification that is due at `at`: then, or when the quiet hours end. A test never
 * waits, because a person waits for its result.
 */
export function earliestDelivery(hours: QuietHours, { severity, event }: Notification, at: Date): Date {
  const { quietFrom: from, quietUntil: until, quietTimeZone: timeZone } = hours;
  if (severity === 'CRITICAL' || event === 'TEST' || from === null || until === null) return at;
  const end = endOfDailySpan({ from, until, timeZone }, at.getTime());
  return end === null ? at : new Date(end);
}
