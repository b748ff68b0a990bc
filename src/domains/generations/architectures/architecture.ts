import { architectures } from '../../../declarations/generations/architectures.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds the relations from generations to architectures and back. */
export function addArchitecture(types: TypeRegistry): void {
  addRelationToOne(types, {
    from: generations,
    to: architectures,
    key: 'generationId',
    description: 'The architecture that it produced; null if none is stored.',
  });
  addRelationToOne(types, {
    from: architectures,
    to: generations,
    key: 'generationId',
    description: 'The generation that produced it; null if it is not recorded or has expired.',
  });
}
