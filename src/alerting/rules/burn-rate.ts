import type { Analytics } from '../../analytics/analytics.ts';
import { mergeSources } from '../../analytics/merge-sources.ts';
import { burnRate, type SloCounts } from '../../analytics/slos/error-budget.ts';
import { countSlo, type SloScope } from '../../analytics/slos/slo-counts.ts';
import { countSloInWindows } from '../../analytics/slos/slo-windows.ts';
import type { Answer, SlidingWindows } from '../../analytics/spec.ts';
import { SECOND_MS } from '../../core/time/units.ts';
import { createSerial } from '../../storage/serial.ts';
import type { ShouldContinue } from '../lease/leased-work.ts';
import type { Measurement } from './decide-group.ts';
import type { BurnQuestion } from './rule.ts';

/**
 * A rule on a burn rate has a second, short window, so that it stops firing soon after the budget
 * has stopped burning. It is a twelfth of the window.
 *
 * Source: B. Beyer and others, The Site Reliability Workbook (2018), chapter 5, "Multiwindow,
 * Multi-Burn-Rate Alerts".
 */
const SHORT_WINDOWS = 12;

/** The short window is at least as long as the shortest window of any rule. */
export const MIN_BURN_WINDOW_MS = SHORT_WINDOWS * 10 * SECOND_MS;

/** The short window of a rule on a burn rate, in milliseconds. */
export const shortWindowOf = (windowMs: number): number => Math.round(windowMs / SHORT_WINDOWS);

/** Both windows of one evaluation. */
interface BothWindows {
  readonly long: SloCounts;
  readonly short: SloCounts;
}

/**
 * The smaller burn rate of both windows: it passes a threshold only if both do. Null if a window
 * has no events, or the long window too few.
 */
function slowerOf(
  { slo: { objective }, minimumCount }: BurnQuestion,
  { long, short }: BothWindows,
): number | null {
  if (long.events < minimumCount) return null;
  const [overLong, overShort] = [burnRate(long, objective), burnRate(short, objective)];
  return overLong === null || overShort === null ? null : Math.min(overLong, overShort);
}

const NOTHING: SloCounts = { events: 0, good: 0 };

interface BurnMeasurement {
  readonly question: BurnQuestion;
  /** The end of both windows, in epoch milliseconds. */
  readonly now: number;
  readonly shouldContinue: ShouldContinue;
}

/**
 * Measures the burn rate over the windows that end now. Asks one question at a time, so that rules
 * occupy at most one reader. Returns null if `shouldContinue` returned false.
 */
export async function measureBurnRate(
  analytics: Pick<Analytics, 'totals'>,
  projectId: string,
  { question, now, shouldContinue }: BurnMeasurement,
): Promise<Measurement | null> {
  const { slo, windowMs } = question;
  const inTurn = createSerial();
  const oneByOne: typeof analytics = { totals: (...asked) => inTurn(() => analytics.totals(...asked)) };
  const countLast = async (width: number) =>
    (await countSlo(oneByOne, { projectId, slo, range: { from: now - width, to: now } })).value ?? NOTHING;
  const long = await countLast(windowMs);
  if (!(await shouldContinue())) return null;
  const short = await countLast(shortWindowOf(windowMs));
  return { labels: {}, value: slowerOf(question, { long, short }), found: long.events > 0 };
}

/**
 * Measures the burn rate repeatedly over a past range, as `Analytics.windows` measures other
 * numbers.
 */
export async function burnRatesInPast(
  analytics: Pick<Analytics, 'windows'>,
  asked: SloScope,
  { question, step }: { readonly question: BurnQuestion; readonly step: number },
): Promise<Answer<SlidingWindows<number | null>>> {
  const count = (width: number) => countSloInWindows(analytics, asked, { width, step });
  const [long, short] = await Promise.all([
    count(question.windowMs),
    count(shortWindowOf(question.windowMs)),
  ]);
  // The long windows may need more data than is kept.
  const ends = [...long.value.keys()].filter((end) => short.value.has(end));
  const values = ends.map((end) => {
    const both = { long: long.value.get(end) ?? NOTHING, short: short.value.get(end) ?? NOTHING };
    return both.long.events === 0 ? undefined : slowerOf(question, both);
  });
  const groups = [{ dimensions: {}, values }];
  return { value: { ends, groups, others: false }, source: mergeSources([long.source, short.source]) };
}
