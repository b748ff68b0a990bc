import { type Column, mayBeAbsent } from '../../core/dataset/column.ts';
import type { Companion } from '../../core/dataset/companion.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { columnFieldType, type DerivedInput } from '../entities/column-types.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { INGEST_INPUT } from './ingest-variables.ts';

/** The columns that a client may send. */
export function inputColumns(table: EntityTable): readonly Column[] {
  return table.columns.filter(({ source }) => source !== 'server');
}

/** `<Entity>Input`: one event as a client sends it. */
export function eventInput(types: TypeRegistry, dataset: Dataset): DerivedInput {
  const name = `${dataset.entity}Input`;
  return types.once(name, (builder) =>
    builder.inputRef<Record<string, unknown>>(name).implement({
      description: dataset.description,
      extensions: INGEST_INPUT,
      fields: (t) => ({
        ...columnInputs(types, t, inputColumns(dataset)),
        ...(dataset.companion && {
          [dataset.companion.field]: t.field({
            type: companionInput(types, dataset, dataset.companion),
            description: dataset.companion.description,
          }),
        }),
      }),
    }),
  );
}

/**
 * `<Entity><State>Input`: the state sent inside an event, without the columns that it inherits from
 * the event.
 */
function companionInput(
  types: TypeRegistry,
  { entity }: Dataset,
  { state, inherits }: Companion,
): DerivedInput {
  const columns = inputColumns(state).filter(({ name }) => !(name in inherits));
  return types.builder.inputRef<Record<string, unknown>>(`${entity}${state.entity}Input`).implement({
    description: state.description,
    fields: (t) => columnInputs(types, t, columns),
  });
}

type InputFields = Parameters<
  Parameters<ReturnType<TypeRegistry['builder']['inputRef']>['implement']>[0]['fields']
>[0];

/** An input field for each column. */
export function columnInputs(types: TypeRegistry, t: InputFields, columns: readonly Column[]) {
  return Object.fromEntries(
    columns.map((column) => [
      column.name,
      t.field({
        type: columnFieldType(types, column),
        required: !mayBeAbsent(column),
        description: column.description,
      }),
    ]),
  );
}

/** An input field for each column, for changes of a state. An omitted field stays unchanged. */
export function changeInputs(types: TypeRegistry, t: InputFields, columns: readonly Column[]) {
  return Object.fromEntries(
    columns.map((column) => {
      const type = columnFieldType(types, column);
      return [column.name, t.field({ type, description: `${column.description}${whatNullDoes(column)}` })];
    }),
  );
}

/** Describes what null does to the column. Empty if the column does not accept null. */
function whatNullDoes(column: Column): string {
  const given = column.kind === 'text' ? 'Null or empty text' : 'Null';
  if (column.optional) return ` ${given} clears it.`;
  return column.default === undefined ? '' : ` ${given} sets the default.`;
}
