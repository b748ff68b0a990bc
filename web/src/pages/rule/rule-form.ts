import type {
  AlertAbsentData,
  AlertAggregate,
  AlertComparator,
  AlertType,
  CreateAlertRuleInput,
  OneRuleQuery,
} from '../../generated/graphql.ts';
import { toIsoDuration, toShortDuration } from '../shared/durations.ts';

/** The fields of a rule, as the server names them. The form holds all of them as texts. */
export const RULE_FIELDS = [
  'ruleId',
  'name',
  'description',
  'type',
  'aggregate',
  'dataset',
  'measure',
  'quantile',
  'sloId',
  'filter',
  'groupBy',
  'window',
  'comparator',
  'warning',
  'critical',
  'for',
  'recoverAfter',
  'renotify',
  'absent',
  'minimumCount',
  'webhooks',
] as const;

export type RuleField = (typeof RULE_FIELDS)[number];
export type RuleTexts = Readonly<Record<RuleField, string>>;

/** A commonly useful rule: slow requests. */
export const NEW_RULE: RuleTexts = {
  ruleId: '',
  name: '',
  description: '',
  type: 'PERFORMANCE',
  aggregate: 'QUANTILE',
  dataset: 'requestLogs',
  measure: 'latencyMs',
  quantile: '0.95',
  sloId: '',
  filter: '',
  groupBy: 'service',
  window: '15m',
  comparator: 'GT',
  warning: '2000',
  critical: '',
  for: '5m',
  recoverAfter: '',
  renotify: '',
  absent: 'OK',
  minimumCount: '',
  webhooks: '',
};

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const durationText = (iso: string | null): string =>
  iso === null || iso === 'PT0S' ? '' : toShortDuration(iso).replaceAll(' ', '');

export function textsOf(rule: NonNullable<OneRuleQuery['alertRule']>): RuleTexts {
  return {
    ...rule,
    description: textOf(rule.description),
    measure: textOf(rule.measure),
    quantile: textOf(rule.quantile),
    sloId: textOf(rule.sloId),
    filter: rule.filter == null ? '' : JSON.stringify(rule.filter, null, 2),
    groupBy: rule.groupBy.join(', '),
    window: toShortDuration(rule.window).replaceAll(' ', ''),
    warning: textOf(rule.warning),
    critical: textOf(rule.critical),
    for: durationText(rule.for),
    recoverAfter: durationText(rule.recoverAfter),
    renotify: durationText(rule.renotify),
    minimumCount: textOf(rule.minimumCount),
    webhooks: rule.webhooks.join(', '),
  };
}

/** A field whose text cannot be sent. */
export interface Unreadable {
  readonly field: RuleField;
  readonly message: string;
}

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));
const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
const durationOf = (text: string): string | null => (text.trim() === '' ? null : toIsoDuration(text));

const NEEDS_MEASURE: readonly string[] = ['SUM', 'AVG', 'MIN', 'MAX', 'QUANTILE', 'COUNT_DISTINCT'];
export const needsMeasure = (aggregate: string): boolean => NEEDS_MEASURE.includes(aggregate);

/**
 * The form in the form that `createAlertRule` accepts. Unused fields are omitted; null clears a
 * field of an existing rule.
 */
export function inputOf(texts: RuleTexts): CreateAlertRuleInput | Unreadable {
  const unreadable = findUnreadable(texts);
  if (unreadable !== null) return unreadable;
  const { aggregate } = texts;
  const burns = aggregate === 'BURN_RATE';
  return {
    ruleId: texts.ruleId.trim(),
    name: texts.name.trim(),
    description: texts.description.trim() || null,
    type: texts.type as AlertType,
    aggregate: aggregate as AlertAggregate,
    // The SLO determines which events count.
    ...(burns ? {} : { dataset: texts.dataset }),
    sloId: burns ? texts.sloId.trim() : null,
    measure: needsMeasure(aggregate) ? texts.measure : null,
    quantile: aggregate === 'QUANTILE' ? numberOf(texts.quantile) : null,
    filter: texts.filter.trim() === '' || burns ? null : JSON.parse(texts.filter),
    groupBy: burns ? [] : listOf(texts.groupBy),
    window: toIsoDuration(texts.window),
    comparator: texts.comparator as AlertComparator,
    warning: numberOf(texts.warning),
    critical: numberOf(texts.critical),
    for: durationOf(texts.for),
    recoverAfter: durationOf(texts.recoverAfter),
    renotify: durationOf(texts.renotify),
    absent: texts.absent as AlertAbsentData,
    minimumCount: numberOf(texts.minimumCount),
    webhooks: listOf(texts.webhooks),
  };
}

const NUMBERS: readonly RuleField[] = ['quantile', 'warning', 'critical', 'minimumCount'];

function findUnreadable(texts: RuleTexts): Unreadable | null {
  for (const field of NUMBERS) {
    if (Number.isNaN(numberOf(texts[field]))) return { field, message: 'This is not a number.' };
  }
  if (texts.filter.trim() === '') return null;
  try {
    JSON.parse(texts.filter);
    return null;
  } catch {
    return { field: 'filter', message: 'This is not JSON such as {"provider": {"eq": "openai"}}.' };
  }
}

export const isUnreadable = (input: CreateAlertRuleInput | Unreadable): input is Unreadable =>
  'field' in input;
