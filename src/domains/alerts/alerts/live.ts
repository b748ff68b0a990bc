import type { StoredAlert } from '../../../alerting/book/alert.ts';
import { severitiesFrom } from '../../../alerting/book/severity.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { ArgumentBuilder } from '../../../graphql/builder.ts';
import { columnEnum } from '../../../graphql/entities/column-types.ts';
import { stateType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { followAlerts } from './follow-alerts.ts';
import { createAlertReader, type WantedAlerts } from './read-alerts.ts';

/** Adds `alertRaised` and `alertChanged`. */
export function addAlertLive(types: TypeRegistry): void {
  const readAlerts = createAlertReader();
  types.builder.subscriptionField('alertRaised', (t) =>
    t.prismaField({
      authScopes: { read: true },
      type: stateType(types, alerts),
      description:
        'Delivers each alert once as it is raised, on any instance, in the order of `sequence`: ' +
        'from now on, or with `since`, from where you left off. A slow subscriber misses none.',
      args: {
        ...wantedArguments(types, t.arg),
        since: t.arg.id({
          description:
            'The `id` or `uuid` of the last alert that you saw, whether or not it matches the ' +
            'other arguments. Alerts raised after it come first, then new ones. NOT_FOUND if there ' +
            'is no such alert.',
        }),
      },
      subscribe: (_root, { since, ...wanted }, context) =>
        followAlerts(
          context,
          { column: 'sequence', wanted: readWanted(wanted), since: since ?? null },
          readAlerts,
        ),
      resolve: (_query, alert: StoredAlert) => alert,
    }),
  );
  types.builder.subscriptionField('alertChanged', (t) =>
    t.prismaField({
      authScopes: { read: true },
      type: stateType(types, alerts),
      description:
        'Delivers each alert that is acknowledged or resolved from now on, on any instance, in ' +
        'its state at that time. A slow subscriber misses intermediate states, never the last ' +
        'one.',
      args: wantedArguments(types, t.arg),
      subscribe: (_root, wanted, context) =>
        followAlerts(
          context,
          { column: 'changeSequence', wanted: readWanted(wanted), since: null },
          readAlerts,
        ),
      resolve: (_query, alert: StoredAlert) => alert,
    }),
  );
}

function wantedArguments(types: TypeRegistry, arg: ArgumentBuilder) {
  const enumOf = (name: 'type' | 'severity') => columnEnum(types, columnOf(alerts, name));
  return {
    minSeverity: arg({
      type: enumOf('severity'),
      description: 'Only alerts of this severity or worse. Default: all.',
    }),
    types: arg({
      type: [enumOf('type')],
      description: 'Only alerts of these types. Default: all. As in filters, an empty list matches none.',
    }),
  };
}

function readWanted(wanted: {
  readonly minSeverity?: string | null | undefined;
  readonly types?: readonly string[] | null | undefined;
}): WantedAlerts {
  return {
    severities: wanted.minSeverity == null ? null : severitiesFrom(wanted.minSeverity),
    types: wanted.types ?? null,
  };
}
