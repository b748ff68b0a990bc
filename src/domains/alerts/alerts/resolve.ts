import type { Parts } from '../../../graphql/dataset/parts.ts';
import { alertIdInput, checkAlertId } from './alert-id.ts';
import { alerts } from './definition.ts';
import { alertPayload } from './payload.ts';

/** Adds `resolveAlert`. */
export function addResolveAlert(parts: Parts): void {
  const input = parts.builder.inputType('ResolveAlertInput', {
    description: 'Which alert, and who resolves it.',
    fields: (t) => ({
      ...alertIdInput(t),
      resolvedBy: t.string({
        required: true,
        description: 'Who resolves it. Not blank; at most 200 characters.',
      }),
    }),
  });
  parts.builder.mutationField('resolveAlert', (t) =>
    t.field({
      type: alertPayload(parts, 'resolveAlert'),
      description:
        'Ends an alert by hand, whether somebody had taken it or not. NOT_FOUND when there is none, CONFLICT when it is resolved ' +
        'already.',
      args: { input: t.arg({ type: input, required: true, description: 'The alert, and who resolves it.' }) },
      resolve: (_root, { input: { alertId, resolvedBy } }, { projectId, services }) => {
        checkAlertId(alertId, 'input.alertId');
        services.recordChecks.toChanges(alerts, { resolvedBy });
        return services.alertBook.change(projectId, (writer) =>
          writer.resolve(alertId, 'BY_HAND', resolvedBy),
        );
      },
    }),
  );
}
