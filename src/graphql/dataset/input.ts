import type { Column } from '../../core/dataset/column.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { INGEST_INPUT } from '../ingest-variables.ts';
import { columnType, type DerivedInput } from './column-types.ts';
import type { Parts } from './parts.ts';

/** The columns that a client may send. */
export function inputColumns(dataset: Dataset): readonly Column[] {
  return dataset.columns.filter(({ source }) => source !== 'server');
}

/** The client must send it: nobody else knows the value. */
export function isRequiredInput(column: Column): boolean {
  return column.source === 'client' && !column.optional && column.default === undefined;
}

/** `<Entity>Input`: one event as a client sends it. */
export function eventInput(parts: Parts, dataset: Dataset): DerivedInput {
  const name = `${dataset.entity}Input`;
  return parts.once(name, (builder) =>
    builder.inputRef<Record<string, unknown>>(name).implement({
      description: dataset.description,
      extensions: INGEST_INPUT,
      fields: (t) =>
        Object.fromEntries(
          inputColumns(dataset).map((column) => [
            column.name,
            t.field({
              type: columnType(parts, column) as 'String',
              required: isRequiredInput(column),
              description: column.description,
            }),
          ]),
        ) as never,
    }),
  ) as DerivedInput;
}
