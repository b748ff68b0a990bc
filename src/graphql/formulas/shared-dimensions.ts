import type { OfBoth } from '../../analytics/formulas/ratio.ts';
import type { Side } from '../../analytics/formulas/side.ts';
import type { DimensionValues } from '../../analytics/spec.ts';
import type { Column } from '../../core/dataset/column.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { selectedTags } from '../analytics/analysis.ts';
import { tagDimension } from '../analytics/tag-dimension.ts';
import type { ObjectType } from '../builder.ts';
import { columnFieldType } from '../entities/column-types.ts';
import type { Selection } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';

const RATIO_DIMENSIONS = 'RatioDimensions';

/** `RatioDimensions`: the dimensions of all datasets, and tags, which every dataset has. */
export function ratioDimensions(types: TypeRegistry): ObjectType<DimensionValues> {
  return types.once(RATIO_DIMENSIONS, (builder) =>
    builder.objectRef<DimensionValues>(RATIO_DIMENSIONS).implement({
      description:
        'The dimensions to group by. Select the ones you need, among those that the datasets of ' +
        'both sides have. `LlmCallDimensions` and similar types describe them.',
      fields: (t) => ({
        ...Object.fromEntries(
          [...dimensionsByName(types.datasets)].map(([name, [first, ...others]]) => [
            name,
            t.field({
              type: others.every((other) => isSame(first, other)) ? columnFieldType(types, first) : 'String',
              nullable: true,
              description: `The \`${name}\` of the events of both sides. Null means absent.`,
              resolve: (values) => values[name] as string | null,
            }),
          ]),
        ),
        tag: tagDimension(t),
      }),
    }),
  );
}

/**
 * The dimensions of all datasets by name. A dimension whose type differs between datasets is shown
 * as text.
 */
function dimensionsByName(datasets: readonly Dataset[]): ReadonlyMap<string, [Column, ...Column[]]> {
  const all = new Map<string, [Column, ...Column[]]>();
  for (const column of datasets.flatMap(({ dimensions }) => dimensions)) {
    const known = all.get(column.name);
    if (known === undefined) all.set(column.name, [column]);
    else known.push(column);
  }
  return all;
}

/** Whether both dimensions can have the same values. */
const isSame = (one: Column, other: Column): boolean =>
  one.kind === other.kind && one.enumName === other.enumName;

/**
 * The dimensions selected below `dimensions`, in the order of the numerator's declaration, then
 * tags by name.
 *
 * @throws InvalidArgument at `dimensions` for one that a side does not have; the message names
 *   those that both have.
 */
export function selectedShared({ numerator, denominator }: OfBoth<Side>, selection: Selection): string[] {
  const selected = selection.below('dimensions');
  const others = new Map(denominator.dataset.dimensions.map((column) => [column.name, column]));
  const shared = numerator.dataset.dimensions.flatMap((column) => {
    const other = others.get(column.name);
    return other !== undefined && isSame(column, other) ? [column.name] : [];
  });
  const known = new Set([...shared, 'tag']);
  const foreign = [...selected.keys()].find((name) => !name.startsWith('__') && !known.has(name));
  if (foreign === undefined) {
    const declared = shared.filter((name) => selected.has(name));
    return [...declared, ...selectedTags(selected)];
  }
  const names = new Set([numerator.dataset.name, denominator.dataset.name]);
  throw new InvalidArgument(
    `A ratio of ${[...names].join(' and ')} has no dimension ${foreign}. It has ${[...known].join(', ')}.`,
    'dimensions',
  );
}
