import type { OfBoth } from '../../analytics/formulas/ratio.ts';
import type { SharedDimension } from '../../analytics/formulas/ratio-groups.ts';
import type { Side } from '../../analytics/formulas/side.ts';
import type { DimensionValues } from '../../analytics/spec.ts';
import type { Column } from '../../core/dataset/column.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import type { ObjectType } from '../builder.ts';
import { columnType } from '../entities/column-types.ts';
import { type FieldInfo, type Selection, subselection } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** The name of a dimension across datasets. */
const nameOf = ({ name, sharedAs = name }: Column): string => sharedAs;

/** A dimension of at least one dataset. */
interface KnownDimension {
  readonly column: Column;
  /** Where it is: names of datasets, with the name that the column has there if it is another. */
  readonly found: readonly string[];
}

/** `RatioDimensions`: the dimensions of all datasets. */
export function ratioDimensions(types: TypeRegistry): ObjectType<DimensionValues> {
  return types.once('RatioDimensions', (builder) =>
    builder.objectRef<DimensionValues>('RatioDimensions').implement({
      description:
        'The dimensions to group by. Select the ones that you need: those that the datasets of both ' +
        'sides have.',
      fields: (t) =>
        Object.fromEntries(
          [...allDimensions(types.datasets)].map(([name, { column, found }]) => [
            name,
            t.field({
              type: columnType(types, column) as 'String',
              nullable: true,
              description: `${column.description} In ${found.join(', ')}. Null means absent.`,
              resolve: (values) => values[name] as string | null,
            }),
          ]),
        ),
    }),
  );
}

/** @throws Error if datasets use one name for different things. */
function allDimensions(datasets: readonly Dataset[]): ReadonlyMap<string, KnownDimension> {
  const all = new Map<string, KnownDimension>();
  for (const { name: dataset, dimensions } of datasets) {
    for (const column of dimensions) {
      const name = nameOf(column);
      const known = all.get(name);
      if (
        known !== undefined &&
        (known.column.kind !== column.kind || known.column.enumName !== column.enumName)
      )
        throw new Error(`${dataset}.${column.name} is not the ${name} of ${known.found.join(', ')}`);
      const here = column.name === name ? dataset : `${dataset} (\`${column.name}\`)`;
      all.set(name, { column: known?.column ?? column, found: [...(known?.found ?? []), here] });
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
): SharedDimension[] {
  const selected = subselection(info, selection, typeName, 'dimensions');
  const shared = sharedDimensions(numerator.dataset, denominator.dataset);
  const wanted = [...selected.keys()].filter((name) => !name.startsWith('__'));
  const foreign = wanted.find((name) => !shared.some((dimension) => dimension.name === name));
  if (foreign === undefined) return shared.filter(({ name }) => selected.has(name));
  const names = new Set([numerator.dataset.name, denominator.dataset.name]);
  throw new InvalidArgument(
    `A ratio of ${[...names].join(' and ')} has no dimension ${foreign}. It has ` +
      `${shared.map(({ name }) => name).join(', ')}.`,
    'dimensions',
  );
}

function sharedDimensions(numerator: Dataset, denominator: Dataset): SharedDimension[] {
  return numerator.dimensions.flatMap((column) => {
    const name = nameOf(column);
    const other = denominator.dimensions.find((candidate) => nameOf(candidate) === name);
    return other === undefined ? [] : [{ name, numerator: column.name, denominator: other.name }];
  });
}
