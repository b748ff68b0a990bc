import type { OfBoth } from '../../analytics/formulas/ratio.ts';
import type { Side } from '../../analytics/formulas/side.ts';
import type { DimensionValues } from '../../analytics/spec.ts';
import type { Column } from '../../core/dataset/column.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import type { ObjectType } from '../builder.ts';
import { columnType } from '../entities/column-types.ts';
import { type FieldInfo, type Selection, subselection } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** `RatioDimensions`: the dimensions of all datasets. */
export function ratioDimensions(types: TypeRegistry): ObjectType<DimensionValues> {
  return types.once('RatioDimensions', (builder) =>
    builder.objectRef<DimensionValues>('RatioDimensions').implement({
      description:
        'The dimensions to group by. Select the ones that you need: those that the datasets of both ' +
        'sides have. `LlmCallDimensions` and its like say what they mean.',
      fields: (t) =>
        Object.fromEntries(
          [...allDimensions(types.datasets)].map(([name, column]) => [
            name,
            t.field({
              type: columnType(types, column) as 'String',
              nullable: true,
              description: `The \`${name}\` that the events of both sides have. Null means absent.`,
              resolve: (values) => values[name] as string | null,
            }),
          ]),
        ),
    }),
  );
}

/**
 * The dimensions of all datasets by name, in the type that they have everywhere.
 *
 * @throws Error if datasets use one name for different things: across datasets, a name has one type.
 */
function allDimensions(datasets: readonly Dataset[]): ReadonlyMap<string, Column> {
  const all = new Map<string, Column>();
  for (const { name: dataset, dimensions } of datasets) {
    for (const column of dimensions) {
      const known = all.get(column.name) ?? column;
      if (known.kind !== column.kind || known.enumName !== column.enumName)
        throw new Error(`Another dataset than ${dataset} has a dimension ${column.name} of another type`);
      all.set(column.name, known);
    }
  }
  return all;
}

/**
 * The dimensions that are selected below `dimensions`, in the order of the numerator's declaration.
 *
 * @throws InvalidArgument at `dimensions` for one that a side does not have; the message names those
 *   that both have.
 */
export function selectedShared(
  info: FieldInfo,
  { numerator, denominator }: OfBoth<Side>,
  selection: Selection,
  typeName: string,
): string[] {
  const selected = subselection(info, selection, typeName, 'dimensions');
  const others = new Set(denominator.dataset.dimensions.map(({ name }) => name));
  const shared = numerator.dataset.dimensions.map(({ name }) => name).filter((name) => others.has(name));
  const foreign = [...selected.keys()].find((name) => !name.startsWith('__') && !shared.includes(name));
  if (foreign === undefined) return shared.filter((name) => selected.has(name));
  const names = new Set([numerator.dataset.name, denominator.dataset.name]);
  throw new InvalidArgument(
    `A ratio of ${[...names].join(' and ')} has no dimension ${foreign}. It has ${shared.join(', ')}.`,
    'dimensions',
  );
}
