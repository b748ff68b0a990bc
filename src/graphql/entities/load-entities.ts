import { visibleRows } from '../../access/visible-rows.ts';
import { batchesOf } from '../../core/batches.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { defined } from '../../core/defined.ts';
import { type StoredRow as Entity, readRows } from '../../lists/stored-rows.ts';
import type { Context } from '../context.ts';
import { type Select, selectedColumns } from './selected.ts';

/** Both databases accept more parameters than this in one statement. */
const IDS_PER_STATEMENT = 10_000;

interface Delegate {
  findMany(query: { where: object; select: object }): Promise<Entity[]>;
}

/**
 * Loads events or states by id. The result omits ids of other projects, unknown ids, and rows that
 * the caller may not see.
 *
 * @throws TelltaleError FORBIDDEN if the caller is a read token that may not read the table
 */
type LoadEntities = (context: Context, wanted: WantedEntities) => Promise<ReadonlyMap<string, Entity>>;

export interface WantedEntities {
  readonly table: EntityTable;
  readonly ids: readonly string[];
  readonly select: Select;
}

export const loadEntities: LoadEntities = (context, wanted) =>
  wanted.table.kind === 'event' ? loadEvents(context, wanted) : loadStates(context, wanted);

const loadEvents: LoadEntities = async ({ projectId, services, caller }, { table, ids, select }) => {
  const columns = selectedColumns(table, select);
  const scope = { table, projectId, filter: visibleRows(caller, table) };
  const { store } = services;
  return store.readEvents(() =>
    inBatches(ids, (batch) => readRows(store, { ...scope, ids: batch }, columns)),
  );
};

const loadStates: LoadEntities = async ({ projectId, services, caller }, { table, ids, select }) => {
  // No token may read states: its filters are about events.
  visibleRows(caller, table);
  const delegate = delegateOf(table, services.store.prisma);
  return inBatches(ids, (batch) => delegate.findMany({ select, where: { projectId, id: { in: batch } } }));
};

async function inBatches(
  ids: readonly string[],
  load: (ids: string[]) => Promise<Entity[]>,
): Promise<ReadonlyMap<string, Entity>> {
  const found = await Promise.all([...batchesOf(ids, IDS_PER_STATEMENT)].map((batch) => load([...batch])));
  return new Map(found.flat().map((entity) => [entity.id, entity]));
}

/** Prisma names a delegate after its model, with a lower-case first letter. */
function delegateOf({ entity }: EntityTable, prisma: object): Delegate {
  const name = entity.charAt(0).toLowerCase() + entity.slice(1);
  return defined((prisma as Readonly<Record<string, Delegate>>)[name]);
}
