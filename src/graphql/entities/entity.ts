import type { GraphQLResolveInfo } from 'graphql';
import type { Column, ColumnValue } from '../../core/dataset/column.ts';
import type { Row } from '../../core/dataset/row.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { encodeGlobalId } from '../../core/global-id.ts';
import type { StoredRow } from '../../lists/stored-rows.ts';
import { parseStored } from '../../storage/stored-json.ts';
import type { ObjectType } from '../builder.ts';
import { fieldsOf, type Selection } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { columnType, fromPrisma } from './column-types.ts';

/**
 * An event or a state: the id, and the columns that were selected, by their Prisma names, as Prisma
 * gives them.
 */
export type Entity = StoredRow;

/**
 * The columns that the type of an entity shows: all but the key, which it shows as `id` and `uuid`,
 * and what is only stored.
 */
export function shownColumns(table: EntityTable): readonly Column[] {
  return table.columns.filter(({ name, hidden }) => name !== 'projectId' && name !== 'id' && !hidden);
}

/** The object type of a table's rows, that of the Prisma model of the same name. */
export function entityType(types: TypeRegistry, table: EntityTable): ObjectType<Entity> {
  // Models are known to Pothos by literal names; a declaration has its name at run time.
  return types.once(
    table.entity,
    (builder) =>
      builder.prismaObject(table.entity as 'LlmCall', {
        description: table.description,
        findUnique: null,
        interfaces: [builder.nodeInterfaceRef()],
        fields: (t) => ({
          id: t.id({
            description: `Global id: "${table.entity}:" and the UUID.`,
            resolve: ({ id }) => encodeGlobalId(table.entity, id),
          }),
          uuid: t.field({ type: 'UUID', description: 'The UUID without the type.', resolve: ({ id }) => id }),
          ...Object.fromEntries(
            shownColumns(table).map((column) => [
              column.name,
              t.field({
                type: columnType(types, column) as 'String',
                nullable: column.optional,
                description: column.description,
                extensions: needsColumns(column.prismaName),
                resolve: (entity: Entity) => fromPrisma(column, entity[column.prismaName]) as string,
              }),
            ]),
          ),
        }),
      }) as unknown as ObjectType<Entity>,
  );
}

/**
 * In the extensions of an entity's field: the Prisma fields that its resolver reads, beside the id.
 */
export function needsColumns(...names: readonly string[]): { telltaleColumns: readonly string[] } {
  return { telltaleColumns: names };
}

/**
 * Prisma's `select` for events of which these fields are selected: no column more than they need.
 */
export function selectColumns(
  info: GraphQLResolveInfo,
  table: EntityTable,
  ...selections: readonly Selection[]
): Record<string, true> {
  const fields = fieldsOf(info, table.entity);
  const select: Record<string, true> = { id: true };
  for (const name of selections.flatMap((selection) => [...selection.keys()])) {
    const needed = (fields[name]?.extensions['telltaleColumns'] ?? []) as readonly string[];
    for (const column of needed) select[column] = true;
  }
  return select;
}

/** The columns of such a `select`. */
export function selectedColumns(
  table: EntityTable,
  select: Readonly<Record<string, true>>,
): readonly Column[] {
  return table.columns.filter(({ prismaName }) => select[prismaName]);
}

/** A stored row, as live topics carry it, in the shape that Prisma would give. */
export function toEntity(table: EntityTable, row: Row): Entity {
  const entity: Record<string, unknown> = {};
  for (const column of table.columns) entity[column.prismaName] = toPrisma(column, row[column.index] ?? null);
  return entity as Entity;
}

/** A stored value as Prisma would give it: instants as Date, JSON and lists of texts parsed. */
export function toPrisma({ kind }: Column, value: ColumnValue): unknown {
  if (value === null) return null;
  if (kind === 'timestamp') return new Date(value as number);
  return kind === 'json' || kind === 'texts' ? parseStored(value as string) : value;
}
