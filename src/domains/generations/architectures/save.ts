import { architectures } from '../../../declarations/generations/architectures.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, stateType, toEntity } from '../../../graphql/entities/entity.ts';
import { columnInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { StateInput } from '../../../ingest/state-checks.ts';
import { orderKey } from './order-key.ts';

interface SavedArchitecture {
  readonly architecture: Entity;
  /** False if the generation already had one, which was replaced. */
  readonly created: boolean;
}

/** Adds `saveArchitecture`. */
export function addSaveArchitecture(types: TypeRegistry): void {
  const input = types.builder.inputRef<StateInput>('SaveArchitectureInput').implement({
    description: `${architectures.description} Omitted fields are stored as absent, whatever their previous value.`,
    fields: (t) => columnInputs(types, t, inputColumns(architectures)),
  });
  const payload = payloadType(types);
  types.builder.mutationField('saveArchitecture', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: payload,
      description:
        'Stores the architecture of a generation, replacing an existing one. The existing ' +
        '`createdAt` is kept unless a new one is given.',
      args: { input: t.arg({ type: input, required: true, description: 'The architecture.' }) },
      resolve: (_root, { input }, context) => saveArchitecture(context, input),
    }),
  );
}

function payloadType(types: TypeRegistry) {
  return types.builder.objectRef<SavedArchitecture>('SaveArchitecturePayload').implement({
    description: 'The result of `saveArchitecture`.',
    fields: (t) => ({
      architecture: t.prismaField({
        type: stateType(types, architectures),
        description: 'The architecture as it is stored.',
        resolve: (_query, { architecture }) => architecture,
      }),
      created: t.exposeBoolean('created', {
        description: 'False if the generation already had an architecture, which was replaced.',
      }),
    }),
  });
}

async function saveArchitecture(context: Context, input: StateInput): Promise<SavedArchitecture> {
  const row = context.services.stateChecks.toRow(architectures, context.projectId, input);
  const entity = toEntity(architectures, row);
  const keepsTime = input['createdAt'] == null;
  try {
    return await store(context, entity, keepsTime);
  } catch (error) {
    // An event that carries the architecture does not wait for the key. What it stored meanwhile is
    // replaced.
    if (isTaken(error)) return store(context, entity, keepsTime);
    throw error;
  }
}

/** `keepsTime`: keep the `createdAt` of the replaced architecture. */
function store(
  { services, projectId }: Context,
  entity: Entity,
  keepsTime: boolean,
): Promise<SavedArchitecture> {
  const where = { projectId_id: { projectId, id: entity.id } };
  return services.store.transact(orderKey(projectId, entity.id), async (prisma) => {
    const replaced = await prisma.architecture.findUnique({ where, select: { createdAt: true } });
    if (replaced === null) {
      await prisma.architecture.create({ data: entity as never, select: { id: true } });
      return { architecture: entity, created: true };
    }
    const architecture = keepsTime ? { ...entity, ...replaced } : entity;
    await prisma.architecture.update({ where, data: architecture, select: { id: true } });
    return { architecture, created: false };
  });
}

/** Prisma's error code for an existing row with the same key. */
const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'P2002';
