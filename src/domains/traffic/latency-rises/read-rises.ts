import type { Analytics } from '../../../analytics/analytics.ts';
import type { Scope } from '../../../analytics/spec.ts';
import type { Interval } from '../../../core/time/range.ts';
import { quantileOf } from '../../../graphql/analytics/stats-values.ts';
import type { Change } from './read-changes.ts';

/** Requests before or after a change. */
export interface Stretch extends Interval {
  readonly count: number;
  /** Null if there are no requests. */
  readonly p95: number | null;
}

/** A change after which requests took longer. */
export interface LatencyRise extends Change {
  readonly before: Stretch;
  readonly after: Stretch;
  /** The relative increase: 0.5 means half as long again. */
  readonly rise: number;
}

export interface RiseOptions {
  /** The most time before and after a change, in milliseconds. */
  readonly windowMs: number;
  /** Changes with fewer requests before or after are skipped. */
  readonly minimumCount: number;
  /** Smaller rises are skipped. */
  readonly minimumRise: number;
}

const MEASURES = [{ measure: 'latencyMs', quantiles: [0.95], totals: [] }] as const;

/**
 * The changes after which the 95th percentile of the latency rose, the largest rise first. Compares
 * the requests between the previous change and this one with those between this one and the next:
 * at most `windowMs` on each side, and only within the range.
 *
 * @param changes in the range, ascending
 */
export async function readRises(
  analytics: Pick<Analytics, 'totals'>,
  scope: Scope,
  { changes, windowMs, minimumCount, minimumRise }: RiseOptions & { readonly changes: readonly Change[] },
): Promise<LatencyRise[]> {
  const { from, to } = scope.range;
  const read = rememberStretches(analytics, scope);
  const compared = await Promise.all(
    changes.map(async (change, index) => {
      const { at } = change;
      const begin = Math.max(from, at - windowMs, changes[index - 1]?.at ?? from);
      const end = Math.min(to, at + windowMs, changes[index + 1]?.at ?? to);
      const [before, after] = await Promise.all([read({ from: begin, to: at }), read({ from: at, to: end })]);
      return { ...change, before, after, rise: riseOf(before, after) };
    }),
  );
  return compared
    .filter((change): change is LatencyRise => change.rise !== null && change.rise >= minimumRise)
    .filter(({ before, after }) => Math.min(before.count, after.count) >= minimumCount)
    .sort((one, other) => other.rise - one.rise || one.at - other.at);
}

/** Reads each stretch once: what follows one change often precedes the next. */
function rememberStretches(
  analytics: Pick<Analytics, 'totals'>,
  scope: Scope,
): (stretch: Interval) => Promise<Stretch> {
  const known = new Map<string, Promise<Stretch>>();
  return (stretch) => {
    const key = `${stretch.from} ${stretch.to}`;
    const reading = known.get(key) ?? readStretch(analytics, scope, stretch);
    known.set(key, reading);
    return reading;
  };
}

async function readStretch(
  analytics: Pick<Analytics, 'totals'>,
  scope: Scope,
  stretch: Interval,
): Promise<Stretch> {
  // Changes at the same instant have nothing between them.
  if (stretch.from >= stretch.to) return { ...stretch, count: 0, p95: null };
  const { value } = await analytics.totals({ ...scope, range: { ...scope.range, ...stretch } }, MEASURES);
  return { ...stretch, count: value.rowCount, p95: quantileOf(value, 'latencyMs', 0.95) };
}

/** Null if the latency did not rise, or there is nothing to compare. */
function riseOf({ p95: before }: Stretch, { p95: after }: Stretch): number | null {
  return before === null || after === null || before === 0 || after <= before ? null : after / before - 1;
}
