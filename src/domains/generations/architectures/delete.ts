import { TelltaleError } from '../../../core/errors.ts';
import { derivedId } from '../../../core/ids.ts';
import { architectures } from '../../../declarations/generations/architectures.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, entityType } from '../../../graphql/entities/entity.ts';
import { type Select, selectEntities } from '../../../graphql/entities/selected.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { orderKey } from './order-key.ts';

interface DeletedArchitecture {
  readonly architecture: Entity;
}

/** Adds `deleteArchitecture`. */
export function addDeleteArchitecture(types: TypeRegistry): void {
  const input = types.builder.inputType('DeleteArchitectureInput', {
    description: 'The architecture to delete.',
    fields: (t) => ({
      generationId: t.string({ required: true, description: 'Identifies the generation that produced it.' }),
    }),
  });
  const payload = payloadType(types);
  types.builder.mutationField('deleteArchitecture', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: payload,
      description:
        'Deletes the architecture of a generation. The generation remains. NOT_FOUND if it has ' +
        'no architecture.',
      args: { input: t.arg({ type: input, required: true, description: 'The architecture to delete.' }) },
      resolve: (_root, { input: { generationId } }, context, info) =>
        deleteArchitecture(
          context,
          generationId,
          selectEntities(context, info, architectures, ['architecture']),
        ),
    }),
  );
}

function payloadType(types: TypeRegistry) {
  return types.builder.objectRef<DeletedArchitecture>('DeleteArchitecturePayload').implement({
    description: 'The result of `deleteArchitecture`.',
    fields: (t) => ({
      architecture: t.field({
        type: entityType(types, architectures),
        description: 'The architecture as it was.',
        resolve: ({ architecture }) => architecture,
      }),
    }),
  });
}

async function deleteArchitecture(
  { services: { store }, projectId }: Context,
  generationId: string,
  select: Select,
): Promise<DeletedArchitecture> {
  const id = derivedId(projectId, architectures.name, generationId);
  const where = { projectId_id: { projectId, id } };
  return store.transact(orderKey(projectId, id), async (prisma) => {
    const found = await prisma.architecture.findUnique({ where, select });
    if (found === null) {
      throw new TelltaleError('NOT_FOUND', `The generation "${generationId}" has no architecture.`, {
        argument: 'input.generationId',
      });
    }
    await prisma.architecture.delete({ where, select: { id: true } });
    return { architecture: { id, ...found } };
  });
}
