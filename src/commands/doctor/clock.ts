import { showSpan } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** What the clock of this machine is compared with. Epoch milliseconds. */
export interface ClockFacts {
  readonly now: number;
  /** The newest receivedAt of the stored events. Null: unknown. */
  readonly newestReceivedAt: number | null;
  /** The clock of the PostgreSQL server at the moment of `now`. Null: there is no server. */
  readonly serverNow: number | null;
}

/** An earlier time cannot be right: it is before this version was made. */
const NOT_BEFORE = Date.UTC(2026, 0, 1);
/** Clocks that a time service keeps differ by less. */
const DRIFT_MS = 2_000;
const MUCH_MS = 60_000;
const ADVICE = 'Let a time service set the clock (chrony, systemd-timesyncd), then run the doctor again.';

export function assessClock({ now, newestReceivedAt, serverNow }: ClockFacts): readonly Finding[] {
  if (now < NOT_BEFORE) {
    return [wrong('clock', `The clock of this machine says ${new Date(now).toISOString()}.`, ADVICE)];
  }
  const findings: Finding[] = [];
  const ahead = (newestReceivedAt ?? now) - now;
  if (ahead > DRIFT_MS) {
    const assess = ahead > MUCH_MS ? wrong : warning;
    findings.push(
      assess(
        'clock',
        `The newest event was received ${showSpan(ahead)} in the future: the clock was set back, ` +
          'or another server has a different time.',
        `${ADVICE} Stored events keep their time: if the clock is right now, this goes away by itself.`,
      ),
    );
  }
  const apart = serverNow === null ? 0 : serverNow - now;
  if (Math.abs(apart) > DRIFT_MS) {
    const assess = Math.abs(apart) > MUCH_MS ? wrong : warning;
    const side = apart > 0 ? 'behind' : 'ahead of';
    findings.push(
      assess(
        'clock',
        `The clock of this machine is ${showSpan(Math.abs(apart))} ${side} that of PostgreSQL.`,
        ADVICE,
      ),
    );
  }
  if (findings.length > 0) return findings;
  const compared = [
    ...(newestReceivedAt === null ? [] : ['the newest event']),
    ...(serverNow === null ? [] : ['the clock of PostgreSQL']),
  ];
  const fits = compared.length === 0 ? '' : `, and agrees with ${compared.join(' and ')}`;
  return [ok('clock', `The clock says ${new Date(now).toISOString()}${fits}.`)];
}
