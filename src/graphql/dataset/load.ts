import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Context } from '../context.ts';
import type { Entity } from './entity.ts';

/** Both databases take so many parameters in one statement, with room to spare. */
const IDS_PER_STATEMENT = 10_000;

interface Delegate {
  findMany(query: { where: object; select?: object }): Promise<Entity[]>;
}

/**
 * The events of those ids by id, with the columns that are selected below the field that `info` resolves; `paths` leads
 * from there to the events when the field is no event itself. Ids of other projects, and ids of nothing, are left out.
 */
export async function loadEntities(
  dataset: Dataset,
  context: Context,
  info: GraphQLResolveInfo,
  ids: readonly string[],
  paths: string[][] = [],
): Promise<ReadonlyMap<string, Entity>> {
  const query = selectionQuery(dataset, context, info, paths);
  const delegate = delegateOf(dataset, context);
  const chunks: (readonly string[])[] = [];
  for (let at = 0; at < ids.length; at += IDS_PER_STATEMENT) chunks.push(ids.slice(at, at + IDS_PER_STATEMENT));
  const found = await Promise.all(
    chunks.map((chunk) => delegate.findMany({ ...query, where: { projectId: context.projectId, id: { in: chunk } } })),
  );
  return new Map(found.flat().map((entity) => [entity.id, entity]));
}

/**
 * The `select` for the events below the field. Also tells Pothos that what the field gives has all that is selected:
 * without that, every field of every event would be loaded again, one by one.
 */
export function selectionQuery(
  dataset: Dataset,
  context: Context,
  info: GraphQLResolveInfo,
  paths: string[][] = [],
): { select?: object } {
  return queryFromInfo({ context, info, typeName: dataset.entity, paths, select: { projectId: true, id: true } });
}

function delegateOf(dataset: Dataset, context: Context): Delegate {
  const name = dataset.entity.charAt(0).toLowerCase() + dataset.entity.slice(1);
  return (context.services.store.prisma as unknown as Record<string, Delegate>)[name] as Delegate;
}
