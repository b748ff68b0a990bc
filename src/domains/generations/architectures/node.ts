import { derivedId } from '../../../core/ids.ts';
import { entityType, selectColumns } from '../../../graphql/dataset/entity.ts';
import { loadEntities } from '../../../graphql/dataset/load.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addRelationToOne } from '../../../graphql/dataset/relation-to-one.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import { generations } from '../generations/definition.ts';
import { architectures } from './definition.ts';

/** Adds `architecture`, and leads from generations to architectures and back. */
export function addArchitecture(parts: Parts): void {
  addArchitectureQuery(parts);
  addRelationToOne(parts, {
    from: generations,
    to: architectures,
    key: 'generationId',
    description: 'The architecture that it produced; null when none is stored.',
  });
  addRelationToOne(parts, {
    from: architectures,
    to: generations,
    key: 'generationId',
    description: 'The generation that produced it; null when that is not recorded, or has expired.',
  });
}

function addArchitectureQuery(parts: Parts): void {
  parts.builder.queryField('architecture', (t) =>
    t.field({
      type: entityType(parts, architectures),
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
