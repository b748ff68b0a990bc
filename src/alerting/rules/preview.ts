import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Analytics } from '../../analytics/analytics.ts';
import type { Answer, DimensionValues, SlidingWindows, Source } from '../../analytics/spec.ts';
import { MAX_WINDOW_GROUPS } from '../../analytics/window-frame.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { toDuration } from '../../core/time/duration.ts';
import type { AskedRange, Interval } from '../../core/time/range.ts';
import { burnRatesInPast, shortWindowOf } from './burn-rate.ts';
import { groupPolicyOf } from './group-policy.ts';
import { evaluationsWithin, previewStep } from './preview-step.ts';
import { type ReplayedAlert, replay, type TimedMeasurement } from './replay.ts';
import type { Rule, RuleQuestion } from './rule.ts';
import { valueFrom, valueOfNothing, wantedMeasures } from './value-from.ts';

/** What a preview needs to know of a rule. */
export type PreviewedRule = Pick<Rule, 'projectId' | 'question' | 'policy'>;

/** When a rule would have fired if it had existed. */
export interface Preview {
  /**
   * The evaluated part of the range. It leaves out windows from which retention has removed data,
   * and ends with the last evaluation.
   */
  readonly range: Interval;
  /** Milliseconds between evaluations. */
  readonly step: number;
  /** How often each group was evaluated. */
  readonly evaluations: number;
  /** In the order in which they fired. */
  readonly alerts: readonly PreviewedAlert[];
  /** Milliseconds during which at least one alert was open. */
  readonly firingMs: number;
  /** How many groups were evaluated. */
  readonly groups: number;
  /** True if there are more groups, with fewer events. */
  readonly groupsLeftOut: boolean;
  readonly source: Source;
}

/** An alert that the rule would have raised. */
export interface PreviewedAlert extends ReplayedAlert {
  /** The group: values of the rule's dimensions by name. */
  readonly labels: DimensionValues;
  /** Milliseconds from when it fired until it was over, or until the last evaluation. */
  readonly durationMs: number;
}

export interface PreviewOptions {
  readonly analytics: Pick<Analytics, 'windows'>;
  /** The present, in epoch milliseconds: later times are not evaluated. */
  readonly now: number;
}

/** Previews a rule as of now. See `previewRule`. */
export type PreviewRule = (rule: PreviewedRule, range: AskedRange) => Promise<Preview>;

type Values = SlidingWindows<number | null>;

/**
 * Evaluates a rule repeatedly over past data, as the evaluator does over live data, and returns
 * when it would have fired. It starts as if the rule had been created at the start of the range. Of
 * a rule with groups it evaluates those with the most events.
 *
 * @throws InvalidArgument at `range` if it is too long, too short, in the future, or if retention
 *   has removed all of it; for an `exact` range also if retention has removed part of it.
 */
export async function previewRule(
  { analytics, now }: PreviewOptions,
  rule: PreviewedRule,
  range: AskedRange,
): Promise<Preview> {
  const asked = { from: range.from, to: Math.min(range.to, now) };
  const step = stepOf(rule.question, asked);
  const evaluated = { ...range, ...checkWindowCount(evaluationsWithin(asked, step), step) };
  const { value, source } = await measurePast(analytics, rule, { range: evaluated, step });
  const [first, last] = [value.ends[0], value.ends.at(-1)];
  if (first === undefined || last === undefined) throw removed();
  const alerts = await alertsOf(rule, value, last);
  return {
    range: { from: Math.max(first - step, range.from), to: last },
    step,
    evaluations: value.ends.length,
    alerts,
    firingMs: lengthOfAll(alerts),
    groups: value.groups.length,
    groupsLeftOut: value.others,
    source,
  };
}

/**
 * Distinct values are counted once per window: those of parts do not add up to those of a window, and
 * the windows of each minute would read every event as often as it is in one.
 */
const stepOf = (question: RuleQuestion, range: Interval): number =>
  question.aggregate === 'COUNT_DISTINCT' ? question.windowMs : previewStep(shortestWindow(question), range);

/** No evaluation may skip an event, not even one that only the short window of a burn rate would see. */
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
    `The rule would be evaluated every ${toDuration(step)}, on the full ${toDuration(step)} in ` +
      'UTC and up to now: the range contains no such time. Choose a longer or an earlier range.',
    'range',
  );
}

function removed(): InvalidArgument {
  return new InvalidArgument(
    'Retention has removed the data that the rule needs, for the whole range. Choose a later range.',
    'range',
  );
}

async function alertsOf(rule: PreviewedRule, found: Values, last: number): Promise<PreviewedAlert[]> {
  const { question } = rule;
  const policy = groupPolicyOf(rule);
  const alerts: PreviewedAlert[] = [];
  for (const { dimensions, values } of found.groups) {
    for (const alert of replay(policy, measurementsAt(question, found.ends, values))) {
      const durationMs = (alert.resolvedAt ?? last) - alert.firedAt;
      alerts.push({ ...alert, labels: dimensions, durationMs });
    }
    // Ten thousand evaluations take some milliseconds: others run in between.
    await nextTurn();
  }
  return alerts.sort((one, other) => one.firedAt - other.firedAt);
}

function* measurementsAt(
  question: RuleQuestion,
  ends: readonly number[],
  values: Values['groups'][number]['values'],
): Generator<TimedMeasurement> {
  const ofNothing = valueOfNothing(question);
  for (const [index, at] of ends.entries()) {
    const value = values[index];
    const found = value !== undefined;
    yield { at, value: found ? value : ofNothing, found };
  }
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
