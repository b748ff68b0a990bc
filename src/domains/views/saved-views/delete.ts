import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inViews } from '../stored-views.ts';
import { requireView, viewIdInput, viewKey, viewPayload } from './stored-view.ts';

/** Adds `deleteSavedView`. */
export function addDeleteSavedView(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteSavedViewInput', {
    description: 'The view to delete.',
    fields: viewIdInput,
  });
  builder.mutationField('deleteSavedView', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: viewPayload(types, 'deleteSavedView', 'The view in its last state.'),
      description: 'Deletes a saved view. NOT_FOUND if there is no such view.',
      args: { input: t.arg({ type: input, required: true, description: 'The view.' }) },
      resolve: (_root, args, context) =>
        inViews(context, async (prisma) => {
          const view = await requireView(prisma, context, args.input.id);
          return prisma.savedView.delete({ where: viewKey(context, view.id) });
        }),
    }),
  );
}
