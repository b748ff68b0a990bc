import { cutText } from '../../core/cut-text.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time/units.ts';
import { shortWindowOf } from './burn-rate.ts';
import type { Measurement } from './decide-group.ts';
import type { UnnamedAlert } from './evaluate-groups.ts';
import type { Labels } from './group-states.ts';
import type { Bad } from './level.ts';
import type { Rule, RuleQuestion } from './rule.ts';

/** The parts of a rule that its alerts mention. */
export type DescribedRule = Pick<Rule, 'ruleId' | 'name' | 'description' | 'type' | 'question' | 'policy'>;

/** The threshold that was passed; null if missing data raised the alert. */
export interface Passed {
  readonly severity: Bad;
  readonly threshold: number | null;
}

const MAX_TITLE = 200;
const MAX_MESSAGE = 10_000;

/**
 * Describes the alert of a group in plain words: the number, the threshold, the window, the group,
 * and the description of the rule.
 */
export function describeAlert(
  rule: DescribedRule,
  { labels, value }: Measurement,
  passed: Passed,
): UnnamedAlert {
  const { ruleId, name, description, type, question } = rule;
  const { severity, threshold } = passed;
  const group = describeGroup(labels);
  const title = group === '' ? name : `${name}: ${group}`;
  const whose = group === '' ? '' : ` of ${group}`;
  const found =
    value === null ? describeAbsence(question, whose) : describeNumber(rule, { ...passed, value }, whose);
  const message = description === null ? found : `${found}\n\n${description}`;
  return {
    type,
    severity,
    title: cutText(title, MAX_TITLE),
    message: cutText(message, MAX_MESSAGE),
    metadata: null,
    rule: { ruleId, labels, value, threshold },
  };
}

/** `endUser "u-7", provider none`. */
function describeGroup(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name} ${value === null ? 'none' : JSON.stringify(value)}`)
    .join(', ');
}

/** `The sum of cost over the last 24 h is 12.5 USD, more than 10 USD, the threshold of WARNING.` */
function describeNumber(
  { question, policy }: DescribedRule,
  { value, severity, threshold }: Passed & { readonly value: number },
  whose: string,
): string {
  const number = numberOf(question);
  const subject = `${nameOf(question)}${whose} over the last ${describeWindow(question)}`;
  if (threshold === null) return `${subject} is ${number(readable(value, 0))}.`;
  const { forMs } = policy;
  const held = forMs === 0 ? '' : `, for at least ${describeSpan(forMs)}`;
  return `${subject} is ${number(readable(value, threshold))}, ${COMPARISONS[policy.comparator](number(threshold))}${held}: ${severity}.`;
}

const COMPARISONS = {
  GT: (threshold: string) => `more than ${threshold}`,
  GTE: (threshold: string) => `${threshold} or more`,
  LT: (threshold: string) => `less than ${threshold}`,
  LTE: (threshold: string) => `${threshold} or less`,
};

/** `5 min`; for a burn rate both windows: `60 min and the last 5 min`. */
function describeWindow({ aggregate, windowMs }: RuleQuestion): string {
  if (aggregate !== 'BURN_RATE') return describeSpan(windowMs);
  return `${describeSpan(windowMs)} and the last ${describeSpan(shortWindowOf(windowMs))}`;
}

function describeAbsence(question: RuleQuestion, whose: string): string {
  const { windowMs, minimumCount, aggregate } = question;
  const events = eventsOf(question);
  const span = describeSpan(windowMs);
  if (aggregate === 'BURN_RATE')
    return `There were too few ${events} in the last ${describeWindow(question)} to determine the burn rate.`;
  if (minimumCount > 1) return `There were fewer than ${minimumCount} ${events}${whose} in the last ${span}.`;
  if (aggregate === 'ERROR_RATE') return `There were no ${events}${whose} in the last ${span}.`;
  return `There was nothing to measure in ${events}${whose} in the last ${span}.`;
}

/** Mentions the filter of a rule, so that nobody reads "no events" as none at all. */
const eventsOf = ({ dataset, filter }: RuleQuestion): string =>
  filter === null ? dataset.name : `filtered ${dataset.name}`;

function nameOf(question: RuleQuestion): string {
  if (question.aggregate === 'BURN_RATE') return `The burn rate of the SLO "${question.slo.sloId}"`;
  const { measure, quantile } = question;
  const events = eventsOf(question);
  if (question.aggregate === 'COUNT') return `The number of ${events}`;
  if (question.aggregate === 'ERROR_RATE') return `The error rate of ${events}`;
  const of = `${measure} of ${events}`;
  if (question.aggregate === 'QUANTILE') return `The quantile ${quantile} of ${of}`;
  return `The ${NAMES[question.aggregate]} ${of}`;
}

const NAMES = {
  SUM: 'sum of',
  AVG: 'mean of',
  MIN: 'smallest',
  MAX: 'largest',
  COUNT_DISTINCT: 'number of distinct',
} as const;

/** Formats numbers of the question, with their unit if it is known. */
function numberOf({ dataset, aggregate, measure }: RuleQuestion): (value: number) => string {
  if (aggregate === 'ERROR_RATE') return (value) => `${rounded(value * 100)} %`;
  const isMoney = dataset.measures.some(({ name, kind }) => name === measure && kind === 'money');
  return (value) => `${rounded(value)}${isMoney ? ' USD' : ''}`;
}

/** Removes floating-point noise: 0.1 + 0.2 becomes 0.3. */
const rounded = (value: number): string => String(Number(value.toPrecision(12)));

/**
 * Rounds a number for people: an integer stays, any other number gets four digits. It gets more if
 * four would move it to the other side of the threshold, or exactly onto it.
 */
function readable(value: number, threshold: number): number {
  if (Number.isInteger(value)) return value;
  for (let digits = 4; digits < 12; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.sign(short - threshold) === Math.sign(value - threshold)) return short;
  }
  return value;
}

const UNITS: readonly [string, number][] = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', 1000],
];

/**
 * `5 min`, `24 h`, `1.5 s`: in the largest unit that gives a whole number above 1, otherwise in
 * seconds.
 */
export function describeSpan(milliseconds: number): string {
  const fits = ([, unit]: readonly [string, number]) => milliseconds % unit === 0 && milliseconds >= unit;
  const [name, unit] = UNITS.find((candidate) => fits(candidate) && milliseconds !== candidate[1]) ?? [
    's',
    1000,
  ];
  return `${milliseconds / unit} ${name}`;
}
