import { TelltaleError } from '../../../core/errors.ts';
import { toUuid } from '../../../core/global-id.ts';
import { savedViews } from '../../../declarations/views/saved-views.ts';
import type { InputBuilder, ObjectType } from '../../../graphql/builder.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** The columns that a client may set. The server sets `createdAt`. */
export const viewColumns = inputColumns(savedViews).filter(({ name }) => name !== 'createdAt');

/** Identifies the view that a mutation is about. */
export function viewIdInput(t: InputBuilder) {
  return { id: t.id({ required: true, description: 'The view, by its global id or its UUID.' }) };
}

/** `CreateSavedViewPayload` for `createSavedView`. `which` describes the view in it. */
export function viewPayload(types: TypeRegistry, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(types, savedViews, { mutation, field: 'savedView', which });
}

/** Identifies a view for Prisma. */
export function viewKey({ projectId }: Context, uuid: string) {
  return { projectId_id: { projectId, id: uuid } };
}

/**
 * The view with a global id or a UUID.
 *
 * @throws TelltaleError NOT_FOUND if there is none, InvalidArgument if the id belongs to something
 *   else
 */
export async function requireView(prisma: StateTransaction, context: Context, id: string) {
  const uuid = toUuid(id, savedViews.entity, 'input.id');
  const view = await prisma.savedView.findUnique({ where: viewKey(context, uuid) });
  if (view !== null) return view;
  throw new TelltaleError('NOT_FOUND', `There is no saved view "${id}".`, { argument: 'input.id' });
}
