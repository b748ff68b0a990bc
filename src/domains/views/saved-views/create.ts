import { TelltaleError } from '../../../core/errors.ts';
import { savedViews } from '../../../declarations/views/saved-views.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, toState } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import { presentState, toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inViews, makerOf, requireRoom } from '../stored-views.ts';
import { viewColumns, viewKey, viewPayload } from './stored-view.ts';

const MAX_VIEWS = 1_000;

/** Adds `createSavedView`. */
export function addCreateSavedView(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<Record<string, unknown>>('CreateSavedViewInput').implement({
    description: 'A view to save.',
    fields: (t) => columnInputs(types, t, viewColumns),
  });
  builder.mutationField('createSavedView', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: viewPayload(types, 'createSavedView', 'The new view.'),
      description:
        'Saves a page of the dashboard with its filters under a name, for everybody in the ' +
        'project. CONFLICT if a view with the given `id` exists, or if there are ' +
        `${MAX_VIEWS.toLocaleString('en')} views already.`,
      args: { input: t.arg({ type: input, required: true, description: 'The view.' }) },
      resolve: (_root, args, context) => createView(context, args.input),
    }),
  );
}

async function createView(context: Context, input: Readonly<Record<string, unknown>>): Promise<Entity> {
  const { projectId, services } = context;
  const checked = toState(savedViews, services.stateChecks.toRow(savedViews, projectId, input));
  const view = { ...checked, createdBy: await makerOf(context) };
  return inViews(context, async (prisma) => {
    const present = await prisma.savedView.findUnique({ where: viewKey(context, view.id) });
    if (present !== null) {
      throw new TelltaleError('CONFLICT', `The saved view ${view.id} already exists: update it instead.`, {
        argument: 'input.id',
        current: presentState(savedViews, present),
      });
    }
    requireRoom('saved views', await prisma.savedView.count({ where: { projectId } }), MAX_VIEWS);
    return prisma.savedView.create({ data: toPrismaData(savedViews, view) });
  });
}
