import type { StoredAlert } from '../../../alerting/book/alert.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { Context } from '../../../graphql/context.ts';
import { entityType, toEntity } from '../../../graphql/entities/entity.ts';
import { columnInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { StateInput } from '../../../ingest/state-checks.ts';

interface RaisedAlert {
  readonly alert: StoredAlert;
  /** False: there was one with this id, which stays as it is. */
  readonly created: boolean;
}

/** Adds `raiseAlert`. */
export function addRaiseAlert(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<StateInput>('RaiseAlertInput').implement({
    description: alerts.description,
    fields: (t) => columnInputs(types, t, inputColumns(alerts)) as never,
  });
  const payload = builder.objectRef<RaisedAlert>('RaiseAlertPayload').implement({
    description: 'What `raiseAlert` stored.',
    fields: (t) => ({
      alert: t.field({
        type: entityType(types, alerts),
        description: 'The alert as it is stored.',
        resolve: ({ alert }) => alert,
      }),
      created: t.exposeBoolean('created', {
        description:
          'False: there was an alert with this `alertId` already; it stays as it is, and nobody is told anew.',
      }),
    }),
  });
  builder.mutationField('raiseAlert', (t) =>
    t.field({
      type: payload,
      description:
        'Raises an alert: subscribers and webhooks are told of it. An alert with the same `alertId` as one before, also one that is ' +
        'resolved, is stored once, so sending it again is safe.',
      args: { input: t.arg({ type: input, required: true, description: 'The alert.' }) },
      resolve: (_root, args, context) => raiseAlert(context, args.input),
    }),
  );
}

function raiseAlert({ services, projectId }: Context, input: StateInput): Promise<RaisedAlert> {
  const draft = toEntity(
    alerts,
    services.stateChecks.toRow(alerts, projectId, input),
  ) as unknown as StoredAlert;
  const { alertId, type, severity, title, message, source, metadata, raisedAt } = draft;
  return services.alerting.alertBook.change(projectId, (writer) =>
    writer.raise({ alertId, type, severity, title, message, source, metadata, raisedAt }),
  );
}
