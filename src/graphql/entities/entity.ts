import type { GraphQLResolveInfo } from 'graphql';
import type { Column, ColumnValue } from '../../core/dataset/column.ts';
import type { ColumnTypes } from '../../core/dataset/names.ts';
import type { Row } from '../../core/dataset/row.ts';
import type { StateTable } from '../../core/dataset/state.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import type { StateValues } from '../../core/dataset/values.ts';
import { normalizeUuid } from '../../core/ids.ts';
import type { StoredRow } from '../../lists/stored-rows.ts';
import { parseStored } from '../../storage/stored-json.ts';
import type { EntityFieldBuilder, EntityFieldRef, ObjectType, StateType } from '../builder.ts';
import type { Context } from '../context.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { columnFieldType, fromPrisma } from './column-types.ts';
import { createEntityLoader } from './load-one.ts';
import { needs, type Select } from './selected.ts';

/**
 * An event or a state: the id and the selected columns, by their Prisma names, with values as
 * Prisma returns them.
 */
export type Entity = StoredRow;

/** A state with all its columns, whose types its declaration knows. */
export type State<Columns extends ColumnTypes> = Entity & StateValues<Columns>;

/**
 * The columns that the type of an entity has as fields: all except hidden ones and the primary key.
 * The fields `id` and `uuid` show the key.
 */
export function shownColumns(table: EntityTable): readonly Column[] {
  return table.columns.filter(({ name, hidden }) => name !== 'projectId' && name !== 'id' && !hidden);
}

/** The object type of a table's rows. */
export function entityType(types: TypeRegistry, table: EntityTable): ObjectType<Entity> {
  return table.kind === 'event' ? eventType(types, table) : stateType(types, table);
}

/** The object type of a state, for the Prisma model of the same name (docs/decisions/0023). */
export function stateType(types: TypeRegistry, state: EntityTable): StateType {
  const { entity, description } = state;
  return types.once(entity, (builder) =>
    builder.nodeRef(
      builder.prismaObject(entity, {
        description,
        findUnique: ({ id }, { projectId }) => ({ projectId_id: { projectId, id } }),
        select: STATE_KEY,
        fields: (t) => columnFields(types, state, t),
      }),
      nodeOptions(state),
    ),
  );
}

/** The object type of an event. Kysely reads events (docs/decisions/0018). */
function eventType(types: TypeRegistry, table: EntityTable): ObjectType<Entity> {
  const { entity, description } = table;
  return types.once(entity, (builder) =>
    builder.nodeRef(
      builder
        .objectRef<Entity>(entity)
        .implement({ description, fields: (t) => columnFields(types, table, t) }),
      nodeOptions(table),
    ),
  );
}

/** The plugin would select the whole primary key, but the context already has the project. */
const STATE_KEY: Select = { id: true, projectId: false };

/** How the Relay plugin makes the global ids of a table, and loads rows for `node` and `nodes`. */
function nodeOptions(table: EntityTable) {
  const load = createEntityLoader(table);
  return {
    id: {
      description: `Global id: "${table.entity}:" and the UUID.`,
      resolve: ({ id }: Entity) => id,
      parse: normalizeUuid,
    },
    loadWithoutCache: (id: string, context: Context, info: GraphQLResolveInfo) => load(context, info, id),
  };
}

function columnFields(types: TypeRegistry, table: EntityTable, t: EntityFieldBuilder) {
  return {
    uuid: t.field({ type: 'UUID', description: 'The UUID without the type.', resolve: ({ id }) => id }),
    ...Object.fromEntries(
      shownColumns(table).map((column) => [
        column.name,
        t.field({
          ...needs(table, [column.prismaName]),
          type: columnFieldType(types, column),
          nullable: column.optional,
          description: column.description,
          resolve: (entity) => fromPrisma(column, entity[column.prismaName]) as string,
        }),
      ]),
    ),
  };
}

/** Adds a field to the type of an entity. `needs` declares the columns that its resolver reads. */
export function addEntityField(
  types: TypeRegistry,
  table: EntityTable,
  name: string,
  field: (t: EntityFieldBuilder) => EntityFieldRef,
): void {
  const { builder } = types;
  if (table.kind === 'event') builder.objectField(eventType(types, table), name, field);
  else builder.prismaObjectField(stateType(types, table), name, field);
}

/**
 * Adds a field to the type of a state. Its resolver sees the columns with the types of the
 * declaration; those that it reads must be in `needs`.
 */
export function addStateField<Columns extends ColumnTypes>(
  types: TypeRegistry,
  state: StateTable<Columns>,
  name: string,
  field: (t: EntityFieldBuilder<State<Columns>>) => EntityFieldRef,
): void {
  // Pothos has one type for all states, see StateModel.
  addEntityField(types, state, name, field as (t: EntityFieldBuilder) => EntityFieldRef);
}

/** Converts a stored row, as live topics carry it, to the shape that Prisma returns. */
export function toEntity(table: EntityTable, row: Row): Entity {
  const entity: Record<string, unknown> = {};
  for (const column of table.columns) entity[column.prismaName] = toPrisma(column, row[column.index] ?? null);
  return entity as Entity;
}

/** Converts the row of a state to the shape that Prisma returns. */
export function toState<Columns extends ColumnTypes>(state: StateTable<Columns>, row: Row): State<Columns> {
  return toEntity(state, row) as State<Columns>;
}

/** Converts a stored value to that of Prisma: instants to Date, JSON and lists of texts parsed. */
export function toPrisma({ kind }: Column, value: ColumnValue): unknown {
  if (value === null) return null;
  if (kind === 'timestamp') return new Date(Number(value));
  return kind === 'json' || kind === 'texts' ? parseStored(String(value)) : value;
}
