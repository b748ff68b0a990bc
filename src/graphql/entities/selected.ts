import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import type { Column } from '../../core/dataset/column.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import type { Context } from '../context.ts';
import { fieldsOf, selectionAt } from '../selection.ts';

/** Prisma's `select`: columns by their Prisma names. */
export type Select = Record<string, boolean>;

/** The path of field names from the field that is being resolved down to the entities. */
export type Path = string[];

/** The column that identifies a row in its project. */
export const KEY: Select = { id: true };

/** Options of a field that declare which columns it reads. */
interface FieldNeeds {
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly select?: Select;
}

/**
 * Declares which columns the resolver of a field reads besides the id. The result is spread into
 * the options of `t.field`. The Prisma plugin uses it for states, `selectEvents` for events.
 */
export function needs(
  table: EntityTable,
  columns: readonly string[],
  extensions: Readonly<Record<string, unknown>> = {},
): FieldNeeds {
  return table.kind === 'event'
    ? { extensions: { ...extensions, telltaleColumns: columns } }
    : { extensions, select: Object.fromEntries(columns.map((name) => [name, true as const])) };
}

/**
 * The columns that a query selects of the entities at these paths below the current field. Without
 * a path, the field itself returns the entities.
 */
export function selectEntities(
  context: Context,
  info: GraphQLResolveInfo,
  table: EntityTable,
  ...paths: Path[]
): Select {
  return table.kind === 'event'
    ? selectEvents(info, table, paths)
    : selectStates(context, info, { table, paths });
}

/**
 * Like `selectEntities`, for states. The plugin records that the states of the field were loaded
 * with these columns. Every field that returns states must call this with its own `info`. Otherwise
 * the fields below load each state again, one by one.
 */
function selectStates(
  context: Context,
  info: GraphQLResolveInfo,
  { table, paths }: { readonly table: EntityTable; readonly paths: Path[] },
): Select {
  return queryFromInfo({ context, info, typeName: table.entity, paths, select: KEY }).select;
}

/** Like `selectEntities`, for events. */
export function selectEvents(info: GraphQLResolveInfo, { entity }: EntityTable, paths: Path[] = []): Select {
  const fields = fieldsOf(info, entity);
  // Adding to a literal takes a third of the time of adding to a copied object.
  const select: Select = { id: true };
  for (const path of paths.length === 0 ? [[]] : paths) {
    for (const name of selectionAt(info, path, entity).keys()) {
      const needed = (fields[name]?.extensions['telltaleColumns'] ?? []) as readonly string[];
      for (const column of needed) select[column] = true;
    }
  }
  return select;
}

/** The columns of a `select`. */
export function selectedColumns(table: EntityTable, select: Select): readonly Column[] {
  return table.columns.filter(({ prismaName }) => select[prismaName]);
}
