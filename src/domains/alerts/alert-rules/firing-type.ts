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
    description: 'An alert that a rule would have raised, when nobody had acknowledged or resolved any.',
    fields: (t) => ({
      labels: t.expose('labels', {
        type: 'JSON',
        description: 'The values of the dimensions that the rule groups by, by name; without groups {}.',
      }),
      severity: t.expose('severity', {
        type: columnEnum(types, columnOf(alerts, 'severity')),
        description: 'Its severity: WARNING or CRITICAL.',
      }),
      pendingSince: t.expose('pendingSince', {
        type: 'DateTime',
        description:
          'From when on each look had found the threshold passed: `for` before it fired, or earlier.',
      }),
      firedAt: t.expose('firedAt', { type: 'DateTime', description: 'When it would have been raised.' }),
      resolvedAt: t.expose('resolvedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it would have been over; null: it was open at the last look.',
      }),
      resolution: t.expose('resolution', {
        type: columnEnum(types, columnOf(alerts, 'resolution')),
        nullable: true,
        description:
          'Why it was over: RECOVERED, or ESCALATED when a worse one took its place. Null: it was open.',
      }),
      duration: t.field({
        type: 'Duration',
        description: 'How long it was open, up to the last look at most.',
        resolve: ({ durationMs }) => toDuration(durationMs),
      }),
      value: t.exposeFloat('value', {
        nullable: true,
        description: 'What was measured when it fired; null: nothing was there to measure.',
      }),
      threshold: t.exposeFloat('threshold', {
        nullable: true,
        description: 'The threshold that the value had passed; null: absence of data raised it.',
      }),
      worst: t.exposeFloat('worst', {
        nullable: true,
        description: 'The value furthest beyond the threshold while it was open; null: there was none.',
      }),
    }),
  });
}
