import { visibleRows } from '../../access/visible-rows.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { findNewestRows, findOldestRows } from '../../lists/newest-per-key.ts';
import { checkPageSize, MAX_PAGE_SIZE } from '../../lists/page.ts';
import { addEntityField, type Entity, entityType } from '../entities/entity.ts';
import { createFieldBatches } from '../entities/field-batches.ts';
import { needs, selectEvents, selectedColumns } from '../entities/selected.ts';
import { costsFirst } from '../limits/field-cost.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { showRows } from './show-rows.ts';

/** A field from each row of a table to the newest or the oldest events that belong to it. */
export interface RelationToFirst {
  readonly from: EntityTable;
  readonly to: Dataset;
  /** The column that has the same value in both. */
  readonly key: string;
  /**
   * `newest` needs an index of `to` on the column and the timestamp. `oldest` suits columns in
   * which few events share a value.
   */
  readonly which: 'newest' | 'oldest';
  /** Name of the field. */
  readonly name: string;
  /** Default of the argument `first`. */
  readonly first: number;
  /** Shown to users: what `first` counts, such as "number of items". */
  readonly counted: string;
  /** Shown to users. */
  readonly description: string;
}

const FINDERS = { newest: findNewestRows, oldest: findOldestRows } as const;

/** Adds the field: `agent { commits(first) }`. One statement serves all parents. */
export function addRelationToFirst(types: TypeRegistry, relation: RelationToFirst): void {
  const { from, to, key, which, name, counted, description } = relation;
  const load = createFieldBatches<string, Entity[]>();
  const { prismaName } = columnOf(from, key);
  addEntityField(types, from, name, (t) =>
    t.field({
      ...needs(from, [prismaName], costsFirst(relation.first)),
      type: [entityType(types, to)],
      description,
      args: {
        first: t.arg.int({
          defaultValue: relation.first,
          description: `Maximum ${counted}, 1 to ${MAX_PAGE_SIZE}.`,
        }),
      },
      resolve: async (entity, args, context, info) => {
        const first = checkPageSize(args.first, 'first') ?? relation.first;
        const loadMany = async (keys: readonly string[]) => {
          const { projectId, services, caller } = context;
          const filter = visibleRows(caller, to);
          const wanted = { projectId, table: to, column: key, keys, first, filter };
          const columns = selectedColumns(to, selectEvents(info, to));
          const found = await FINDERS[which](services.store, wanted, columns);
          return new Map([...found].map(([of, events]) => [of, events.map(({ row }) => row)]));
        };
        const rows = (await load(info, entity[prismaName] as string, loadMany)) ?? [];
        await showRows(context, rows.length);
        return rows;
      },
    }),
  );
}
