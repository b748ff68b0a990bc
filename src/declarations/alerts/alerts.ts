import { isOneOf } from '../../core/build-filter.ts';
import { enumeration, float, integer, json, text, timestamp } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { ALERT_RESOLUTIONS, ALERT_SEVERITIES, ALERT_STATUSES, ALERT_TYPES } from './alert-enums.ts';

const LOWEST = -Number.MAX_SAFE_INTEGER;

/** Alerts (source 4, `alerts`). */
export const alerts = defineState({
  name: 'alerts',
  entity: 'Alert',
  table: 'alerts',
  description:
    'A condition that needs attention, raised by a service, a rule or a change of health. It ' +
    'lasts until it is resolved.',
  naturalKey: 'alertId',
  byKey: {
    description: 'The alert with this `alertId`; null if there is none.',
    key: 'Identifies the alert in the project.',
    refusesOdd: true,
  },
  cameToBe: 'raisedAt',
  columns: {
    alertId: text({
      verbatim: true,
      pattern: NOT_BLANK,
      description: 'Identifies the alert in the project. Raising the same id again stores it only once.',
    }),
    sequence: integer({
      source: 'server',
      sortable: true,
      description:
        'The position of the alert in the project, in the order in which alerts are raised and ' +
        '`alertRaised` delivers them. Changes of alerts take positions too, so there are gaps.',
    }),
    changeSequence: integer({
      source: 'server',
      optional: true,
      hidden: true,
      description: 'The position of its last change in the order of all changes.',
    }),
    type: enumeration('AlertType', ALERT_TYPES, { description: 'The type of the alert.' }),
    severity: enumeration('AlertSeverity', ALERT_SEVERITIES, { description: 'The severity.' }),
    status: enumeration('AlertStatus', ALERT_STATUSES, {
      source: 'server',
      default: 'OPEN',
      description: 'The status of the alert.',
    }),
    title: text({ pattern: NOT_BLANK, description: 'What happened, in one line. Secrets are masked.' }),
    message: text({
      optional: true,
      maxLength: 10_000,
      description: 'What happened, in full. Secrets are masked.',
    }),
    source: text({
      optional: true,
      description: 'Who raised it: a service, `rule:` and the id of a rule, or `health`.',
    }),
    metadata: json({ optional: true, description: 'A small JSON object with further details.' }),
    ruleId: text({ source: 'server', optional: true, description: 'The rule that raised it.' }),
    labels: json({
      source: 'server',
      optional: true,
      description: 'The values of the dimensions that its rule groups by, keyed by name.',
    }),
    value: float({
      source: 'server',
      optional: true,
      min: LOWEST,
      description: 'The value that the rule measured when it fired; null if there was nothing to measure.',
    }),
    threshold: float({
      source: 'server',
      optional: true,
      min: LOWEST,
      description: 'The threshold that the value crossed.',
    }),
    acknowledgedBy: text({
      source: 'server',
      optional: true,
      pattern: NOT_BLANK,
      description: 'Who acknowledged the alert.',
    }),
    acknowledgedAt: timestamp({
      source: 'server',
      optional: true,
      description: 'When the alert was acknowledged.',
    }),
    resolvedBy: text({
      source: 'server',
      optional: true,
      pattern: NOT_BLANK,
      description: 'Who resolved the alert by hand; null if the server did.',
    }),
    resolvedAt: timestamp({ source: 'server', optional: true, description: 'When the alert was resolved.' }),
    resolution: enumeration('AlertResolution', ALERT_RESOLUTIONS, {
      source: 'server',
      optional: true,
      description: 'Why the alert was resolved.',
    }),
  },
});

/** Alerts that are not over: open or acknowledged. */
export const NOT_RESOLVED = isOneOf('status', ['OPEN', 'ACKNOWLEDGED']);
