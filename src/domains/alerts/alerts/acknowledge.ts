import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { alertIdInput, checkAlertId } from './alert-id.ts';
import { alertPayload } from './payload.ts';

/** Adds `acknowledgeAlert`. */
export function addAcknowledgeAlert(types: TypeRegistry): void {
  const input = types.builder.inputType('AcknowledgeAlertInput', {
    description: 'Which alert, and who takes it.',
    fields: (t) => ({
      ...alertIdInput(t),
      acknowledgedBy: t.string({
        required: true,
        description: 'Who takes it. Not blank; at most 200 characters.',
      }),
    }),
  });
  types.builder.mutationField('acknowledgeAlert', (t) =>
    t.field({
      type: alertPayload(types, 'acknowledgeAlert'),
      description:
        'Takes an open alert: the others need not. NOT_FOUND when there is none, CONFLICT when somebody has taken it or it is ' +
        'resolved; of two who take it at once, one gets it.',
      args: { input: t.arg({ type: input, required: true, description: 'The alert, and who takes it.' }) },
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
