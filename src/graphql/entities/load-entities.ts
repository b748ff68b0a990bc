import { batchesOf } from '../../core/batches.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { readRows } from '../../lists/stored-rows.ts';
import type { Context } from '../context.ts';
import { type Entity, selectedColumns } from './entity.ts';

/** Both databases take so many parameters in one statement, with room to spare. */
const IDS_PER_STATEMENT = 10_000;

interface Delegate {
  findMany(query: { where: object; select: object }): Promise<Entity[]>;
}

/**
 * The events or states of those ids, by id: events by one statement of Kysely, states by Prisma.
 * Ids of other projects, and ids of nothing, are left out.
 */
export async function loadEntities(
  table: EntityTable,
  { projectId, services }: Context,
  ids: readonly string[],
  select: Readonly<Record<string, true>>,
): Promise<ReadonlyMap<string, Entity>> {
  if (table.kind === 'event') {
    return readRows(services.store, { table, projectId }, ids, selectedColumns(table, select));
  }
  const delegate = delegateOf(table, services.store.prisma);
  const batches = [...batchesOf(ids, IDS_PER_STATEMENT)];
  const found = await Promise.all(
    batches.map((batch) => delegate.findMany({ select, where: { projectId, id: { in: [...batch] } } })),
  );
  return new Map(found.flat().map((entity) => [entity.id, entity]));
}

/** Prisma names the delegate of a model as the model, with a small letter first. */
function delegateOf({ entity }: EntityTable, prisma: object): Delegate {
  const name = entity.charAt(0).toLowerCase() + entity.slice(1);
  return (prisma as Readonly<Record<string, Delegate>>)[name] as Delegate;
}
