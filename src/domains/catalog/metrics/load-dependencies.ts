import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../../graphql/context.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { readDependencies } from './dependencies.ts';
import type { Dependencies } from './dependency-graph.ts';

/** Loads all dependencies of the catalog, once for all parents of the field. */
export function createDependencyLoader() {
  const load = createFieldBatches<'catalog', Dependencies>();
  return async (context: Context, info: GraphQLResolveInfo): Promise<Dependencies> => {
    const found = await load(info, 'catalog', async () => {
      const dependencies = await readDependencies(context.services.store.prisma, context);
      return new Map([['catalog', dependencies] as const]);
    });
    return found ?? new Map();
  };
}
