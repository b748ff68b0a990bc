import { savedViews } from '../../../declarations/views/saved-views.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { changeInputs } from '../../../graphql/events/event-input.ts';
import { changedFields } from '../../../graphql/states/changed-fields.ts';
import { nextInstant } from '../../../graphql/states/next-instant.ts';
import { toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkSeenVersion, seenVersionInput } from '../seen-version.ts';
import { inViews } from '../stored-views.ts';
import { requireView, viewColumns, viewIdInput, viewKey, viewPayload } from './stored-view.ts';

interface UpdateSavedViewInput extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly expectedUpdatedAt?: Date | null;
}

const updatableColumns = viewColumns.filter(({ name }) => name !== 'id');

/** Adds `updateSavedView`. */
export function addUpdateSavedView(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<UpdateSavedViewInput>('UpdateSavedViewInput').implement({
    description: 'The view to change, and the fields to change. Omitted fields keep their values.',
    fields: (t) => ({
      ...viewIdInput(t),
      ...seenVersionInput(t),
      ...changeInputs(types, t, updatableColumns),
    }),
  });
  builder.mutationField('updateSavedView', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: viewPayload(types, 'updateSavedView', 'The view as it is now.'),
      description:
        'Changes a saved view: its name, what it shows, or its position among the pinned views. ' +
        'Setting a field to its current value changes nothing. CONFLICT if `expectedUpdatedAt` is ' +
        'not its `updatedAt`. NOT_FOUND if there is no such view.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateView(context, args.input),
    }),
  );
}

async function updateView(
  context: Context,
  { id, expectedUpdatedAt, ...fields }: UpdateSavedViewInput,
): Promise<Entity> {
  const wanted = toPrismaValues(savedViews, context.services.stateChecks.toChanges(savedViews, fields));
  return inViews(context, async (prisma) => {
    const present = await requireView(prisma, context, id);
    checkSeenVersion(savedViews, present, expectedUpdatedAt);
    if (changedFields(updatableColumns, present, wanted).length === 0) return present;
    const data = toPrismaData(savedViews, { ...wanted, updatedAt: nextInstant(context, present) });
    return prisma.savedView.update({ where: viewKey(context, present.id), data });
  });
}
