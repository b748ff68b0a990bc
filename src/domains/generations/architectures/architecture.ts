import { derivedId } from '../../../core/ids.ts';
import { architectures } from '../../../declarations/generations/architectures.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import { entityType, selectColumns } from '../../../graphql/entities/entity.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds `architecture`, and leads from generations to architectures and back. */
export function addArchitecture(types: TypeRegistry): void {
  addArchitectureQuery(types);
  addRelationToOne(types, {
    from: generations,
    to: architectures,
    key: 'generationId',
    description: 'The architecture that it produced; null when none is stored.',
  });
  addRelationToOne(types, {
    from: architectures,
    to: generations,
    key: 'generationId',
    description: 'The generation that produced it; null when that is not recorded, or has expired.',
  });
}

function addArchitectureQuery(types: TypeRegistry): void {
  types.builder.queryField('architecture', (t) =>
    t.field({
      type: entityType(types, architectures),
      nullable: true,
      description: 'The architecture that a generation produced; null when there is none.',
      args: {
        generationId: t.arg.string({ required: true, description: 'Identifies the generation.' }),
      },
      resolve: async (_root, { generationId }, context, info) => {
        const id = derivedId(context.projectId, architectures.name, generationId);
        const select = selectColumns(info, architectures, selectionOf(info));
        return (await loadEntities(architectures, context, [id], select)).get(id) ?? null;
      },
    }),
  );
}
