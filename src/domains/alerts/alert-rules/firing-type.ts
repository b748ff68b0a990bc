import type { PreviewedAlert } from '../../../alerting/rules/preview.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { toDuration } from '../../../core/time/duration.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { columnEnum } from '../../../graphql/entities/column-types.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** An alert that a rule would have raised. */
export function firingType(types: TypeRegistry) {
  const { builder } = types;
  return builder.objectRef<PreviewedAlert>('AlertRuleFiring').implement({
    description: 'An alert that a rule would have raised if nobody had acknowledged or resolved any alert.',
    fields: (t) => ({
      labels: t.expose('labels', {
        type: 'JSON',
        description:
          'The values of the dimensions that the rule groups by, keyed by name; {} if it does not ' +
          'group.',
      }),
      severity: t.expose('severity', {
        type: columnEnum(types, columnOf(alerts, 'severity')),
        description: 'Its severity: WARNING or CRITICAL.',
      }),
      pendingSince: t.expose('pendingSince', {
        type: 'DateTime',
        description:
          'Since when every evaluation had found the threshold crossed: `for` before the alert was ' +
          'raised, or earlier.',
      }),
      firedAt: t.expose('firedAt', {
        type: 'DateTime',
        description: 'When the alert would have been raised.',
      }),
      resolvedAt: t.expose('resolvedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When the alert would have been resolved; null if it was open at the last evaluation.',
      }),
      resolution: t.expose('resolution', {
        type: columnEnum(types, columnOf(alerts, 'resolution')),
        nullable: true,
        description:
          'Why the alert would have been resolved: RECOVERED, or ESCALATED if a more severe alert ' +
          'replaced it. Null if it was open at the last evaluation.',
      }),
      duration: t.field({
        type: 'Duration',
        description: 'How long the alert would have been open, up to the last evaluation.',
        resolve: ({ durationMs }) => toDuration(durationMs),
      }),
      value: t.exposeFloat('value', {
        nullable: true,
        description: 'The value that was measured when the rule fired; null if there was nothing to measure.',
      }),
      threshold: t.exposeFloat('threshold', {
        nullable: true,
        description: 'The threshold that the value crossed; null if missing data raised the alert.',
      }),
      worst: t.exposeFloat('worst', {
        nullable: true,
        description:
          'The value furthest beyond the threshold while the alert was open; null if there was none.',
      }),
    }),
  });
}
