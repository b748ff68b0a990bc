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

/** The events or states of those ids, by id. Ids of other projects, and of nothing, are left out. */
export async function loadEntities(
  table: EntityTable,
  context: Context,
  ids: readonly string[],
  select: Readonly<Record<string, true>>,
): Promise<ReadonlyMap<string, Entity>> {
  const load = table.kind === 'event' ? loadEvents : loadStates;
  const batches = [...batchesOf(ids, IDS_PER_STATEMENT)];
  const found = await Promise.all(batches.map((batch) => load(table, context, batch, select)));
  return new Map(found.flat().map((entity) => [entity.id, entity]));
}

/** As `loadEntities`, for so many ids as one statement takes. */
type LoadBatch = (
  table: EntityTable,
  context: Context,
  ids: readonly string[],
  select: Readonly<Record<string, true>>,
) => Promise<Entity[]>;

const loadEvents: LoadBatch = (table, { projectId, services }, ids, select) =>
  readRows(services.store, { table, projectId }, ids, selectedColumns(table, select));

const loadStates: LoadBatch = (table, { projectId, services }, ids, select) =>
  delegateOf(table, services.store.prisma).findMany({ select, where: { projectId, id: { in: [...ids] } } });

/** Prisma names the delegate of a model as the model, with a small letter first. */
function delegateOf({ entity }: EntityTable, prisma: object): Delegate {
  const name = entity.charAt(0).toLowerCase() + entity.slice(1);
  return (prisma as Readonly<Record<string, Delegate>>)[name] as Delegate;
}
