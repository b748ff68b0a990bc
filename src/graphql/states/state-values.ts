import { DbNull } from '@prisma/client/runtime/client';
import type { ColumnValue } from '../../core/dataset/column.ts';
import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { encodeGlobalId } from '../../core/global-id.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import { fromPrisma } from '../entities/column-types.ts';
import { type Entity, shownColumns, toPrisma } from '../entities/entity.ts';

/** The transaction that `store.transact` passes to its callback. */
export type StateTransaction = PrismaTransaction;

/** Values of columns by their Prisma names, as Prisma returns them. */
export type PrismaValues = Readonly<Record<string, unknown>>;

/** Checked changes of a state (see `StateChecks.toChanges`) in the shape that Prisma returns. */
export function toPrismaValues(
  table: EntityTable,
  changes: Readonly<Record<string, ColumnValue>>,
): PrismaValues {
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => {
      const column = columnOf(table, name);
      return [column.prismaName, toPrisma(column, value)];
    }),
  );
}

/**
 * Values in the form of Prisma's `data`. An absent JSON value becomes `DbNull`, because null is a
 * JSON value there. The return type fits every model, because the columns of a declaration are
 * known only at run time.
 */
export function toPrismaData(table: EntityTable, values: PrismaValues): never {
  const data: Record<string, unknown> = { ...values };
  for (const { kind, prismaName } of table.columns) {
    if (kind === 'json' && data[prismaName] === null) data[prismaName] = DbNull;
  }
  return data as never;
}

/** A whole state as plain JSON, with the fields of its type. A CONFLICT error contains it. */
export function presentState(table: EntityTable, entity: Entity): Readonly<Record<string, unknown>> {
  const fields = shownColumns(table).map((column) => {
    const value = fromPrisma(column, entity[column.prismaName]);
    return [column.name, value instanceof Date ? value.toISOString() : value] as const;
  });
  return { id: encodeGlobalId(table.entity, entity.id), uuid: entity.id, ...Object.fromEntries(fields) };
}
