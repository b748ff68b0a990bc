import { TelltaleError } from '../../../core/errors.ts';
import { projectPrices } from '../../../declarations/llm/project-prices.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { identityColumns, toPrice, turnOf } from './inputs.ts';

/** Adds `deletePrice`. */
export function addDeletePrice(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<Record<string, unknown>>('DeletePriceInput').implement({
    description: 'The price to delete.',
    fields: (t) => columnInputs(types, t, identityColumns),
  });
  builder.mutationField('deletePrice', (t) =>
    t.field({
      authScopes: { admin: true },
      type: entityPayload(types, projectPrices, {
        mutation: 'deletePrice',
        field: 'price',
        which: 'The price in its last state.',
      }),
      description:
        'Deletes a price that `setPrice` has set. The price that applied before it applies again: ' +
        'to calls that are recorded from now on, and to recorded calls after `recomputeCosts`.',
      args: { input: t.arg({ type: input, required: true, description: 'The price.' }) },
      resolve: (_root, args, context) => deletePrice(context, args.input),
    }),
  );
}

async function deletePrice(context: Context, input: Readonly<Record<string, unknown>>): Promise<Entity> {
  const { projectId, services } = context;
  const asked = toPrice(context, input);
  const where = { projectId_id: { projectId, id: asked.id } };
  const deleted = await services.store.transact(turnOf(context), async (prisma) => {
    const present = await prisma.projectPrice.findUnique({ where });
    if (present === null) {
      const { provider, model, serviceTier, validFrom } = asked;
      const since = validFrom === null ? 'without validFrom' : `from ${validFrom.toISOString()}`;
      throw new TelltaleError(
        'NOT_FOUND',
        `The project has set no ${serviceTier} price ${since} for ${provider} / ${model}.`,
        { argument: 'input' },
      );
    }
    return prisma.projectPrice.delete({ where });
  });
  await services.prices.refresh();
  return deleted;
}
