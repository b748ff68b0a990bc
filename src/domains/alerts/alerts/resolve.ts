import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { alertIdInput, checkAlertId } from './alert-id.ts';
import { alertPayload } from './payload.ts';

/** Adds `resolveAlert`. */
export function addResolveAlert(types: TypeRegistry): void {
  const input = types.builder.inputType('ResolveAlertInput', {
    description: 'The alert to resolve, and who resolves it.',
    fields: (t) => ({
      ...alertIdInput(t),
      resolvedBy: t.string({
        required: true,
        description: 'Who resolves the alert. Not blank; at most 200 characters.',
      }),
    }),
  });
  types.builder.mutationField('resolveAlert', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: alertPayload(types, 'resolveAlert'),
      description:
        'Resolves an alert by hand, whether or not it was acknowledged. NOT_FOUND if there is ' +
        'no such alert, CONFLICT if it is already resolved.',
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
