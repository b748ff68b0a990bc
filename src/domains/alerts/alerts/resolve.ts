import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { alertIdInput, checkAlertId } from './alert-id.ts';
import { alertPayload } from './payload.ts';

/** Adds `resolveAlert`. */
export function addResolveAlert(types: TypeRegistry): void {
  const input = types.builder.inputType('ResolveAlertInput', {
    description: 'Which alert, and who resolves it.',
    fields: (t) => ({
      ...alertIdInput(t),
      resolvedBy: t.string({
        required: true,
        description: 'Who resolves it. Not blank; at most 200 characters.',
      }),
    }),
  });
  types.builder.mutationField('resolveAlert', (t) =>
    t.field({
      type: alertPayload(types, 'resolveAlert'),
      description:
        'Ends an alert by hand, whether somebody had taken it or not. NOT_FOUND when there is none, CONFLICT when it is resolved ' +
        'already.',
      args: { input: t.arg({ type: input, required: true, description: 'The alert, and who resolves it.' }) },
      resolve: (_root, { input: { alertId, resolvedBy } }, { projectId, services }) => {
        checkAlertId(alertId, 'input.alertId');
        services.stateChecks.toChanges(alerts, { resolvedBy });
        return services.alerting.alertBook.change(projectId, (writer) =>
          writer.resolve(alertId, 'BY_HAND', resolvedBy),
        );
      },
    }),
  );
}
