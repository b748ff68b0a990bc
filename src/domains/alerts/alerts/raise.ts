import type { StoredAlert } from '../../../alerting/book/alert.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { Context } from '../../../graphql/context.ts';
import { stateType, toState } from '../../../graphql/entities/entity.ts';
import { columnInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { StateInput } from '../../../ingest/state-checks.ts';

interface RaisedAlert {
  readonly alert: StoredAlert;
  /** False if an alert with this id already existed. The existing alert stays as it is. */
  readonly created: boolean;
}

/** Adds `raiseAlert`. */
export function addRaiseAlert(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<StateInput>('RaiseAlertInput').implement({
    description: alerts.description,
    fields: (t) => columnInputs(types, t, inputColumns(alerts)),
  });
  const payload = builder.objectRef<RaisedAlert>('RaiseAlertPayload').implement({
    description: 'The result of `raiseAlert`.',
    fields: (t) => ({
      alert: t.prismaField({
        type: stateType(types, alerts),
        description: 'The alert as it is stored.',
        resolve: (_query, { alert }) => alert,
      }),
      created: t.exposeBoolean('created', {
        description:
          'False if an alert with this `alertId` already existed. That alert stays unchanged, and ' +
          'nobody is notified again.',
      }),
    }),
  });
  builder.mutationField('raiseAlert', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: payload,
      description:
        'Raises an alert and notifies subscribers and webhooks. An alert with the `alertId` of ' +
        'an existing alert, even a resolved one, is stored only once, so retries are safe.',
      args: { input: t.arg({ type: input, required: true, description: 'The alert.' }) },
      resolve: (_root, args, context) => raiseAlert(context, args.input),
    }),
  );
}

function raiseAlert({ services, projectId }: Context, input: StateInput): Promise<RaisedAlert> {
  const draft = toState(alerts, services.stateChecks.toRow(alerts, projectId, input));
  const { alertId, type, severity, title, message, source, metadata, raisedAt } = draft;
  return services.alerting.alertBook.change(projectId, (writer) =>
    writer.raise({ alertId, type, severity, title, message, source, metadata, raisedAt }),
  );
}
