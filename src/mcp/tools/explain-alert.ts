import * as z from 'zod';
import { type Moved, type Point, readAround, spanAround } from '../alert/around.ts';
import { readChanges } from '../alert/changes.ts';
import { readAlert } from '../alert/read-alert.ts';
import { ANSWERED_RANGE } from '../range.ts';
import { defineTool } from '../tool.ts';

const JSON_OBJECT = z.record(z.string(), z.unknown());
const MEASURED = { count: z.number().describe('Number of events.'), value: z.number().nullable() };

const POINT = z.object({ start: z.string(), ...MEASURED });
const MOVED = z.object({
  dimension: z.string(),
  value: z.unknown(),
  now: z.object(MEASURED),
  before: z.object(MEASURED).nullable(),
});

/** `explain_alert`: an alert, its rule, what the rule measured, and what else happened. */
export const explainAlert = defineTool({
  name: 'explain_alert',
  title: 'Explain an alert',
  description:
    'Explains an alert: the alert and its rule; the number that the rule evaluates, over the time ' +
    'around the alert; the groups of events that caused it, compared with the window before; and ' +
    'what else happened then: commits, errors that had not occurred for a week, other alerts. ' +
    'Without `alertId`, the newest unresolved alert.',
  input: z.strictObject({
    alertId: z.string().optional().describe('As `summary` shows it, or `{ alerts { nodes { alertId } } }`.'),
  }),
  output: z.object({
    alert: JSON_OBJECT,
    rule: JSON_OBJECT.nullable().describe('Null if no rule raised the alert, or if it was deleted.'),
    range: ANSWERED_RANGE.describe('The time range that is shown.'),
    series: z
      .array(POINT)
      .nullable()
      .describe('`value` is the number of the rule in each bucket of time; null without a rule.'),
    groups: z
      .array(MOVED)
      .describe('The largest groups in the window of the rule (`now`), and in the one before it.'),
    commits: z.array(JSON_OBJECT),
    newErrors: z.array(JSON_OBJECT),
    otherAlerts: z.array(JSON_OBJECT),
  }),
  async run({ alertId }, asker) {
    const { rule, ...alert } = await readAlert(asker, alertId);
    const span = spanAround({ ...alert, rule }, Date.now());
    const [around, { commits, newErrors, alerts }] = await Promise.all([
      rule === null ? null : readAround(asker, { rule, labels: alert.labels, span }),
      readChanges(asker, alert.alertId, span),
    ]);
    return {
      structured: {
        alert: { ...alert },
        rule: rule === null ? null : { ...rule },
        range: span.range,
        series: around === null ? null : around.points.map((point: Point) => ({ ...point })),
        groups: (around?.moved ?? []).map((group: Moved) => ({ ...group })),
        commits: commits.map((commit) => ({ ...commit })),
        newErrors: newErrors.map((error) => ({ ...error })),
        otherAlerts: alerts.map((other) => ({ ...other })),
      },
    };
  },
});
