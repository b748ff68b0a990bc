import {
  boolean,
  duration,
  enumeration,
  float,
  integer,
  json,
  text,
  texts,
  timestamp,
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
    'A rule that decides when to raise an alert: a number that is computed repeatedly from a ' +
    'dataset over a window that ends now, and the thresholds that it must not cross.',
  naturalKey: 'ruleId',
  byKey: {
    description: 'The alert rule with this id; null if there is none.',
    key: 'The id of the rule, for example "slow-checkout".',
  },
  columns: {
    ruleId: slug('slow-checkout', {
      sortable: true,
      description: 'The id of the rule, for example "slow-checkout".',
    }),
    name: text({
      pattern: NOT_BLANK,
      sortable: true,
      description: 'The title of the alerts that the rule raises.',
    }),
    description: text({
      optional: true,
      maxLength: 10_000,
      description: 'What the alert means and what to do, for its recipient.',
    }),
    type: enumeration('AlertType', ALERT_TYPES, {
      default: 'PERFORMANCE',
      description: 'The type of the alerts that the rule raises.',
    }),
    enabled: boolean({ default: true, description: 'Whether the rule is evaluated. Default: true.' }),
    dataset: text({
      verbatim: true,
      source: 'client-or-server',
      description:
        'The name of the dataset that the rule evaluates, for example "llmCalls". Required, except for ' +
        'BURN_RATE: then it is that of the SLO.',
    }),
    sloId: text({
      verbatim: true,
      optional: true,
      description:
        'The SLO for BURN_RATE, by its id. The SLO defines which events count and which of them are ' +
        'good.',
    }),
    filter: json({
      verbatim: true,
      optional: true,
      description:
        "Filters the events: an object like the `filter` of the dataset's list, for example " +
        '{"provider": {"eq": "openai"}}. Default: all.',
    }),
    aggregate: enumeration('AlertAggregate', AGGREGATES, {
      description: 'The number that the rule evaluates.',
    }),
    measure: text({
      verbatim: true,
      optional: true,
      description:
        'The measure for SUM, AVG, MIN, MAX and QUANTILE, for example "latencyMs" or "cost"; for COUNT_DISTINCT ' +
        'the dimension or tag whose values are counted, for example "endUser" or "tags.team".',
    }),
    quantile: float({
      optional: true,
      max: 1,
      description: 'The quantile for QUANTILE, 0 to 1; 0.95 is the 95th percentile.',
    }),
    groupBy: texts({
      verbatim: true,
      default: '[]',
      maxItems: 5,
      description:
        'Dimensions and tags to group by, for example ["endUser"] or ["tags.team"]. Each group of values is ' +
        'evaluated separately and has its own alert.',
    }),
    comparator: enumeration('AlertComparator', COMPARATORS, {
      description: 'The comparison that decides whether the number crosses a threshold.',
    }),
    warning: float({
      optional: true,
      min: LOWEST,
      description: 'The threshold for WARNING. Set at least one of `warning` and `critical`.',
    }),
    critical: float({
      optional: true,
      min: LOWEST,
      description:
        'The threshold for CRITICAL. If `warning` is also set, this threshold must be the harder ' +
        'one to cross.',
    }),
    window: duration({
      min: 10 * SECOND_MS,
      max: 31 * DAY_MS,
      description: 'The length of the window, which ends now: "PT5M" is five minutes, "P1D" a rolling day.',
    }),
    for: duration({
      default: 'PT0S',
      max: 7 * DAY_MS,
      description:
        'How long the number must stay beyond a threshold before the alert is raised. Default: the ' +
        'alert is raised at once.',
    }),
    minimumCount: integer({
      default: 0,
      description:
        'If the window has fewer events, its data counts as missing: one failure out of two says little.',
    }),
    absent: enumeration('AlertAbsentData', ABSENT_DATA, {
      default: 'OK',
      description:
        'How to treat missing data: a window in which there is nothing to measure. A COUNT of no ' +
        'events is 0, not missing.',
    }),
    recoverAfter: duration({
      default: 'PT0S',
      max: 7 * DAY_MS,
      description:
        'How long the number must stay within the thresholds before an open alert is resolved. If ' +
        'it crosses one again within that time, the alert stays open, so a number that oscillates ' +
        'around a threshold raises one alert, not many. Default: the alert is resolved at once.',
    }),
    renotify: duration({
      optional: true,
      min: 60 * SECOND_MS,
      max: 31 * DAY_MS,
      description:
        'The interval between reminders to webhooks while an alert is open. An alert that was ' +
        'resolved by hand while the rule still fires is raised again when the next reminder would ' +
        'be due, or earlier if it gets worse. Null: no reminders.',
    }),
    webhooks: texts({
      default: '[]',
      description: 'Ids of the webhooks to notify of its alerts. Empty: all.',
    }),
    problem: text({
      source: 'server',
      optional: true,
      maxLength: 1000,
      description: 'Why the rule cannot be evaluated, which is its own fault; null if it can.',
    }),
    evaluatedAt: timestamp({
      source: 'server',
      optional: true,
      sortable: true,
      description:
        'When the rule was last evaluated. Noted at most once a minute, so it may have been evaluated since. ' +
        'Null if it has not been since it was created, changed or enabled.',
    }),
    evaluatedGroups: integer({
      source: 'server',
      optional: true,
      description:
        'How many groups were measured at `evaluatedAt`: 1 without `groupBy`; 0 if no event was in the window.',
    }),
    evaluatedValue: float({
      source: 'server',
      optional: true,
      min: LOWEST,
      description:
        'The number that was measured at `evaluatedAt`, in the unit of the thresholds. With several groups, ' +
        'that of the group that is closest to an alert, or furthest beyond. Null if there was nothing to measure.',
    }),
    failedAt: timestamp({
      source: 'server',
      optional: true,
      sortable: true,
      description:
        'When the rule could last not be evaluated, if the last attempt failed; null if it did not. Noted at ' +
        'once for the first failure, then at most once a minute.',
    }),
    failure: text({
      source: 'server',
      optional: true,
      maxLength: 1000,
      description:
        'Why the last attempt to evaluate the rule failed, whoever is at fault; null if it did not. The server ' +
        'keeps trying.',
    }),
  },
});
