import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { alertIdInput, checkAlertId } from './alert-id.ts';
import { alertPayload } from './payload.ts';

/** Adds `acknowledgeAlert`. */
export function addAcknowledgeAlert(types: TypeRegistry): void {
  const input = types.builder.inputType('AcknowledgeAlertInput', {
    description: 'The alert to acknowledge, and who acknowledges it.',
    fields: (t) => ({
      ...alertIdInput(t),
      acknowledgedBy: t.string({
        required: true,
        description: 'Who acknowledges the alert. Not blank; at most 200 characters.',
      }),
    }),
  });
  types.builder.mutationField('acknowledgeAlert', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: alertPayload(types, 'acknowledgeAlert'),
      description:
        'Acknowledges an open alert, so that others know that it is being handled. NOT_FOUND if ' +
        'there is no such alert. CONFLICT if it is already acknowledged or resolved; of two ' +
        'simultaneous calls, one succeeds.',
      args: {
        input: t.arg({ type: input, required: true, description: 'The alert, and who acknowledges it.' }),
      },
      resolve: (_root, { input: { alertId, acknowledgedBy } }, { projectId, services }) => {
        checkAlertId(alertId, 'input.alertId');
        services.stateChecks.toChanges(alerts, { acknowledgedBy });
        return services.alerting.alertBook.change(projectId, (writer) =>
          writer.acknowledge(alertId, acknowledgedBy),
        );
      },
    }),
  );
}
