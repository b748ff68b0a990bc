import {
  boolean,
  duration,
  enumeration,
  float,
  integer,
  json,
  text,
  texts,
} from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { slug } from '../../core/dataset/slug.ts';
import { defineState } from '../../core/dataset/state.ts';
import { DAY_MS, SECOND_MS } from '../../core/time/units.ts';
import { ALERT_TYPES } from './alert-enums.ts';
import { ABSENT_DATA, AGGREGATES, COMPARATORS } from './rule-enums.ts';

const LOWEST = -Number.MAX_SAFE_INTEGER;

/** Rules that raise alerts. */
export const alertRules = defineState({
  name: 'alertRules',
  entity: 'AlertRule',
  table: 'alert_rules',
  description:
    'When to raise an alert: a number about a dataset, asked again and again over a window that ends now, and the thresholds that it must not pass.',
  naturalKey: 'ruleId',
  byKey: {
    description: 'The alert rule with that id; null when there is none.',
    key: 'Its id, for example "slow-checkout".',
  },
  columns: {
    ruleId: slug('slow-checkout', { sortable: true, description: 'Its id, for example "slow-checkout".' }),
    name: text({ pattern: NOT_BLANK, sortable: true, description: 'The title of its alerts.' }),
    description: text({
      optional: true,
      maxLength: 10_000,
      description: 'What it means and what to do, for whoever gets the alert.',
    }),
    type: enumeration('AlertType', ALERT_TYPES, { default: 'PERFORMANCE', description: 'Of its alerts.' }),
    enabled: boolean({ default: true, description: 'False: it is not evaluated.' }),
    dataset: text({
      verbatim: true,
      description: 'What it asks about: the name of a dataset, for example "llmCalls".',
    }),
    filter: json({
      verbatim: true,
      optional: true,
      description:
        'Which events: an object as in the `filter` of the dataset\'s list, for example {"provider": {"eq": "openai"}}. Default: all.',
    }),
    aggregate: enumeration('AlertAggregate', AGGREGATES, { description: 'Which number it asks for.' }),
    measure: text({
      verbatim: true,
      optional: true,
      description:
        'The measure that SUM, AVG, MIN, MAX and QUANTILE are about, for example "latencyMs" or "cost".',
    }),
    quantile: float({
      optional: true,
      max: 1,
      description: 'QUANTILE: which one, 0 to 1; 0.95 is the 95th percentile.',
    }),
    groupBy: texts({
      verbatim: true,
      default: '[]',
      maxItems: 5,
      description:
        'Dimensions, for example ["endUser"]: each group of their values is judged, and has an alert, of its own.',
    }),
    comparator: enumeration('AlertComparator', COMPARATORS, {
      description: 'How the number must stand to a threshold to pass it.',
    }),
    warning: float({
      optional: true,
      min: LOWEST,
      description: 'The threshold of WARNING. At least one of the two thresholds is there.',
    }),
    critical: float({
      optional: true,
      min: LOWEST,
      description: 'The threshold of CRITICAL; with `warning` beside it, the one that is harder to pass.',
    }),
    window: duration({
      min: 10 * SECOND_MS,
      max: 31 * DAY_MS,
      description:
        'Over how much time, up to now, the number is asked: "PT5M" is five minutes, "P1D" a rolling day.',
    }),
    for: duration({
      default: 'PT0S',
      max: 7 * DAY_MS,
      description:
        'How long the number must have passed a threshold before the alert is raised. Default: it is raised at once.',
    }),
    minimumCount: integer({
      default: 0,
      description: 'With fewer events in the window, data counts as absent: one failure of two says little.',
    }),
    absent: enumeration('AlertAbsentData', ABSENT_DATA, {
      default: 'OK',
      description: 'What it means when there is nothing to measure. A COUNT of no events is 0, not absent.',
    }),
    recoverAfter: duration({
      default: 'PT0S',
      max: 7 * DAY_MS,
      description:
        'How long the number must have passed no threshold before an open alert is over. One that gets bad again in that time goes on, so a ' +
        'number that swings around a threshold raises one alert, not many. Default: it is over at once.',
    }),
    renotify: duration({
      optional: true,
      min: 60 * SECOND_MS,
      max: 31 * DAY_MS,
      description:
        'How often the webhooks are reminded while an alert is open; one that was resolved by hand although the rule still fires is raised anew by then. Null: never.',
    }),
    webhooks: texts({
      default: '[]',
      description: 'Ids of the webhooks that are told of its alerts. Empty: all.',
    }),
    problem: text({
      source: 'server',
      optional: true,
      maxLength: 1000,
      description: 'Why it can not be evaluated; null: it can.',
    }),
  },
});
