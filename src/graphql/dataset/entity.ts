import type { Column } from '../../core/dataset/column.ts';
import type { Dataset, Row } from '../../core/dataset/dataset.ts';
import { encodeGlobalId } from '../global-id.ts';
import { columnType, fromPrisma } from './column-types.ts';
import type { Parts } from './parts.ts';
import type { ObjectType } from '../builder.ts';

/** An event as Prisma gives it: the key, and the columns that were selected, by their Prisma names. */
export type Entity = Record<string, unknown> & { readonly projectId: string; readonly id: string };

/** The model that stands for all in the types of Pothos; what a dataset really has comes from its declaration. */
type AnyModel = 'LlmCall';

/** The columns that the type of an event shows: all but the key, which it shows as `id` and `uuid`. */
export function shownColumns(dataset: Dataset): readonly Column[] {
  return dataset.columns.filter(({ name }) => name !== 'projectId' && name !== 'id');
}

/** The object type of a dataset's events. Each field selects its own column, so that Prisma loads only what is asked. */
export function entityType(parts: Parts, dataset: Dataset): ObjectType<Entity> {
  return parts.once(dataset.entity, (builder) =>
    builder.prismaObject(dataset.entity as AnyModel, {
      // An object type without `select` would load all columns.
      select: { projectId: true, id: true },
      description: dataset.description,
      interfaces: [builder.nodeInterfaceRef()],
      fields: (t) => {
        const columnField = (column: Column) =>
          t.field({
            type: columnType(parts, column) as 'String',
            nullable: column.optional,
            description: column.description,
            select: { [column.prismaName]: true } as never,
            resolve: (row) => fromPrisma(column, (row as Entity)[column.prismaName]) as string,
          });
        return {
          id: t.field({
            type: 'ID',
            description: `Global id: "${dataset.entity}:" and the UUID.`,
            resolve: (row) => encodeGlobalId(dataset.entity, row.id),
          }),
          uuid: t.field({ type: 'UUID', description: 'The UUID alone.', resolve: (row) => row.id }),
          ...Object.fromEntries(shownColumns(dataset).map((column) => [column.name, columnField(column)])),
        };
      },
    }),
  ) as unknown as ObjectType<Entity>;
}

/** A stored row, as live topics carry it, in the shape that Prisma would give. */
export function toEntity(dataset: Dataset, row: Row): Entity {
  const entity: Record<string, unknown> = {};
  for (const { kind, prismaName, index } of dataset.columns) {
    const value = row[index] ?? null;
    if (value === null) entity[prismaName] = null;
    else if (kind === 'timestamp') entity[prismaName] = new Date(value as number);
    else if (kind === 'json') entity[prismaName] = JSON.parse(value as string);
    else entity[prismaName] = value;
  }
  return entity as Entity;
}
