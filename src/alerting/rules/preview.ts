import type { Analytics } from '../../analytics/analytics.ts';
import type { Answer, DimensionValues, SlidingWindows, Source } from '../../analytics/spec.ts';
import { MAX_WINDOW_GROUPS } from '../../analytics/window-frame.ts';
import { defined } from '../../core/defined.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { toDuration } from '../../core/time/duration.ts';
import type { AskedRange, Interval } from '../../core/time/range.ts';
import { createPortions, type Portions } from '../../runtime/portions.ts';
import { burnRatesInPast, shortWindowOf } from './burn-rate.ts';
import { groupPolicyOf } from './group-policy.ts';
import { evaluationsWithin, previewStep } from './preview-step.ts';
import { type ReplayedAlert, startReplay, type TimedMeasurement } from './replay.ts';
import type { Rule, RuleQuestion } from './rule.ts';
import { valueFrom, valueOfNothing, wantedMeasures } from './value-from.ts';

/** The parts of a rule that a preview needs. */
export type PreviewedRule = Pick<Rule, 'projectId' | 'question' | 'policy'>;

/** When a rule would have fired if it had existed. */
export interface Preview {
  /**
   * The evaluated part of the range. It excludes windows from which retention has removed data, and
   * ends with the last evaluation. Empty, at the end of the range, if there is none.
   */
  readonly range: Interval;
  /** Milliseconds between evaluations. */
  readonly step: number;
  /** How many times each group was evaluated. */
  readonly evaluations: number;
  /** In the order in which they fired. */
  readonly alerts: readonly PreviewedAlert[];
  /** Milliseconds during which at least one alert was open. */
  readonly firingMs: number;
  /** How many groups were evaluated. */
  readonly groups: number;
  /** Whether more groups exist, with fewer events. */
  readonly groupsLeftOut: boolean;
  /** What was measured. */
  readonly windows: SlidingWindows<number | null>;
  /** The rule that measured it. */
  readonly rule: PreviewedRule;
  readonly source: Source;
}

/** An alert that the rule would have raised. */
export interface PreviewedAlert extends ReplayedAlert {
  /** The group: values of the rule's dimensions by name. */
  readonly labels: DimensionValues;
  /** Milliseconds from firing to the end of the alert, or to the last evaluation. */
  readonly durationMs: number;
}

export interface PreviewOptions {
  readonly analytics: Pick<Analytics, 'windows'>;
  /** The present, in epoch milliseconds: later times are not evaluated. */
  readonly now: number;
  /** Default: the evaluations do not share the turns of the event loop. */
  readonly portions?: Portions;
}

/** Previews a rule as of now. See `previewRule`. */
export type PreviewRule = (rule: PreviewedRule, range: AskedRange) => Promise<Preview>;

type Values = SlidingWindows<number | null>;

/**
 * Evaluates a rule repeatedly over past data, as the evaluator does over live data, and returns
 * when it would have fired. It starts as if the rule had been created at the start of the range.
 * For a rule with groups, it evaluates those with the most events.
 *
 * @throws InvalidArgument at `range` if it is too long, too short or in the future; for an `exact`
 *   range also if retention has removed part of it.
 */
export async function previewRule(
  { analytics, now, portions = createPortions() }: PreviewOptions,
  rule: PreviewedRule,
  range: AskedRange,
): Promise<Preview> {
  const asked = { from: range.from, to: Math.min(range.to, now) };
  const step = stepOf(rule.question, asked);
  const evaluated = { ...range, ...checkWindowCount(evaluationsWithin(asked, step), step) };
  const { value, source } = await measurePast(analytics, rule, { range: evaluated, step });
  const last = value.ends.at(-1) ?? evaluated.to;
  const first = value.ends[0] ?? last + step;
  const alerts = await alertsOf(rule, value, { last, portions });
  return {
    range: { from: Math.max(first - step, range.from), to: last },
    step,
    evaluations: value.ends.length,
    alerts,
    firingMs: lengthOfAll(alerts),
    groups: value.groups.length,
    groupsLeftOut: value.others,
    windows: value,
    rule,
    source,
  };
}

/**
 * Distinct values are counted once per window: the counts of parts do not add up to the count of a
 * window, and windows for every minute would read each event once per window that contains it.
 */
const stepOf = (question: RuleQuestion, range: Interval): number =>
  question.aggregate === 'COUNT_DISTINCT' ? question.windowMs : previewStep(shortestWindow(question), range);

/**
 * No evaluation may skip an event, not even one that only the short window of a burn rate would
 * contain.
 */
const shortestWindow = ({ aggregate, windowMs }: RuleQuestion): number =>
  aggregate === 'BURN_RATE' ? shortWindowOf(windowMs) : windowMs;

interface PastOptions {
  readonly range: AskedRange;
  readonly step: number;
}

/** What the rule would have measured at the end of each step. */
function measurePast(
  analytics: PreviewOptions['analytics'],
  { projectId, question }: PreviewedRule,
  { range, step }: PastOptions,
): Promise<Answer<Values>> {
  if (question.aggregate === 'BURN_RATE')
    return burnRatesInPast(analytics, { projectId, slo: question.slo, range }, { question, step });
  const { dataset, filter, groupBy: dimensions, windowMs: width } = question;
  return analytics.windows(
    { dataset, projectId, filter, range },
    wantedMeasures(question),
    { dimensions, top: MAX_WINDOW_GROUPS, width, step },
    (stats) => valueFrom(question, stats),
  );
}

function checkWindowCount(range: Interval, step: number): Interval {
  if (range.from < range.to) return range;
  throw new InvalidArgument(
    `The rule would be evaluated every ${toDuration(step)}, at full steps in UTC, up to now. The ` +
      'range contains no such time: choose a longer or an earlier one.',
    'range',
  );
}

/** How many evaluations to make at once, and the approximate time of one. */
const PER_PORTION = 1_000;
const EVALUATION_MICROSECONDS = 1;

async function alertsOf(
  rule: PreviewedRule,
  found: Values,
  { last, portions }: { readonly last: number; readonly portions: Portions },
): Promise<PreviewedAlert[]> {
  const policy = groupPolicyOf(rule);
  const measurementAt = measurementsOf(rule.question, found.ends);
  const alerts: PreviewedAlert[] = [];
  for (const { dimensions, values } of found.groups) {
    const replay = startReplay(policy);
    for (let first = 0; first < found.ends.length; first += PER_PORTION) {
      const end = Math.min(first + PER_PORTION, found.ends.length);
      await portions.pass((end - first) * EVALUATION_MICROSECONDS);
      for (let index = first; index < end; index++) replay.add(measurementAt(index, values));
    }
    for (const alert of replay.alerts) {
      const durationMs = (alert.resolvedAt ?? last) - alert.firedAt;
      alerts.push({ ...alert, labels: dimensions, durationMs });
    }
  }
  return alerts.sort((one, other) => one.firedAt - other.firedAt);
}

function measurementsOf(question: RuleQuestion, ends: readonly number[]) {
  const ofNothing = valueOfNothing(question);
  return (index: number, values: Values['groups'][number]['values']): TimedMeasurement => {
    const value = values[index];
    const found = value !== undefined;
    return { at: defined(ends[index]), value: found ? value : ofNothing, found };
  };
}

/** How long at least one of the alerts was open. `alerts` are in the order in which they fired. */
function lengthOfAll(alerts: readonly PreviewedAlert[]): number {
  let length = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { firedAt, durationMs } of alerts) {
    const end = firedAt + durationMs;
    length += Math.max(0, end - Math.max(firedAt, until));
    until = Math.max(until, end);
  }
  return length;
}
