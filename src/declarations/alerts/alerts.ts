import { enumeration, float, integer, json, text, timestamp } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { isOneOf } from '../../core/filter.ts';
import { ALERT_RESOLUTIONS, ALERT_SEVERITIES, ALERT_STATUSES, ALERT_TYPES } from './alert-enums.ts';

const LOWEST = -Number.MAX_SAFE_INTEGER;

/** Alerts (source 4, `alerts`). */
export const alerts = defineState({
  name: 'alerts',
  entity: 'Alert',
  table: 'alerts',
  description:
    'Something that somebody should know: raised by a service, by a rule, or by a change of health, until it is resolved.',
  naturalKey: 'alertId',
  byKey: {
    description: 'The alert with that `alertId`; null when there is none.',
    key: 'Identifies the alert in the project.',
    refusesOdd: true,
  },
  cameToBe: 'raisedAt',
  columns: {
    alertId: text({
      verbatim: true,
      pattern: NOT_BLANK,
      description: 'Identifies the alert in the project. Raising the same again stores it once.',
    }),
    sequence: integer({
      source: 'server',
      sortable: true,
      description:
        'Its place among the alerts of the project, in the order in which they were raised and are told. Changes of alerts take places too, so there are gaps.',
    }),
    changeSequence: integer({
      source: 'server',
      optional: true,
      hidden: true,
      description: 'Place of its last change in the order of all changes.',
    }),
    type: enumeration('AlertType', ALERT_TYPES, { description: 'What it is about.' }),
    severity: enumeration('AlertSeverity', ALERT_SEVERITIES, { description: 'How bad it is.' }),
    status: enumeration('AlertStatus', ALERT_STATUSES, {
      source: 'server',
      default: 'OPEN',
      description: 'How far it has come.',
    }),
    title: text({ pattern: NOT_BLANK, description: 'What happened, in a line. Secrets are masked.' }),
    message: text({
      optional: true,
      maxLength: 10_000,
      description: 'What happened, in full. Secrets are masked.',
    }),
    source: text({
      optional: true,
      description: 'Who raised it: a service, `rule:` and the id of a rule, or `health`.',
    }),
    metadata: json({ optional: true, description: 'A small JSON object with whatever helps.' }),
    ruleId: text({ source: 'server', optional: true, description: 'The rule that raised it.' }),
    labels: json({
      source: 'server',
      optional: true,
      description: 'The values of the dimensions that its rule groups by, by name.',
    }),
    value: float({
      source: 'server',
      optional: true,
      min: LOWEST,
      description: 'What its rule measured at the moment when it fired; null: nothing was there to measure.',
    }),
    threshold: float({
      source: 'server',
      optional: true,
      min: LOWEST,
      description: 'The threshold that the value had passed.',
    }),
    acknowledgedBy: text({
      source: 'server',
      optional: true,
      pattern: NOT_BLANK,
      description: 'Who took it.',
    }),
    acknowledgedAt: timestamp({ source: 'server', optional: true, description: 'When somebody took it.' }),
    resolvedBy: text({
      source: 'server',
      optional: true,
      pattern: NOT_BLANK,
      description: 'Who resolved it by hand; null: the server did.',
    }),
    resolvedAt: timestamp({ source: 'server', optional: true, description: 'When it was over.' }),
    resolution: enumeration('AlertResolution', ALERT_RESOLUTIONS, {
      source: 'server',
      optional: true,
      description: 'Why it is over.',
    }),
  },
});

/** The alerts that are not over, which somebody may have taken. */
export const NOT_RESOLVED = isOneOf('status', ['OPEN', 'ACKNOWLEDGED']);
