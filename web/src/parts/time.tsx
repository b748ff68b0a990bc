import { formatAgo, formatTime } from '../format/time.ts';
import { NO_VALUE } from '../format/value.ts';

interface TimeProps {
  /** The instant: epoch milliseconds, or an ISO 8601 text as the server returns it. */
  at: number | string | null | undefined;
  zone: string;
  /** Epoch milliseconds. Default: the clock of the reader. */
  now?: number;
  /**
   * `ago`: "5m ago" with the full time as its title. `short`, `exact` with seconds, and `long`: the
   * time itself.
   */
  show?: 'ago' | 'short' | 'exact' | 'long';
}

/** An instant. */
export function Time({ at, zone, now = Date.now(), show = 'ago' }: TimeProps) {
  if (at === null || at === undefined) return <span class="muted">{NO_VALUE}</span>;
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return (
    <time class="nowrap" dateTime={new Date(ms).toISOString()} title={formatTime(ms, zone, 'long')}>
      {show === 'ago' ? formatAgo(ms, now) : formatTime(ms, zone, show)}
    </time>
  );
}
