import type { DimensionValues, Group, Series } from '../../analytics/spec.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { ObjectType } from '../builder.ts';
import { columnType } from '../entities/column-types.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { statsType } from './stats.ts';

export type Point = Series['points'][number];

/** `<Entity>Dimensions`: the values that a group stands for. */
export function dimensionsType(types: TypeRegistry, dataset: Dataset): ObjectType<DimensionValues> {
  const name = `${dataset.entity}Dimensions`;
  return types.once(name, (builder) =>
    builder.objectRef<DimensionValues>(name).implement({
      description: 'What the events of a group have in common: select the dimensions to group by.',
      fields: (t) =>
        Object.fromEntries(
          dataset.dimensions.map((dimension) => [
            dimension.name,
            t.field({
              type: columnType(types, dimension) as 'String',
              nullable: true,
              description: `${dimension.description} Null: absent, or outside the top of a series.`,
              resolve: (values) => values[dimension.name] as string | null,
            }),
          ]),
        ),
    }),
  );
}

/** `<Entity>Group`. */
export function groupType(types: TypeRegistry, dataset: Dataset) {
  const name = `${dataset.entity}Group`;
  return types.once(name, (builder) =>
    builder.objectRef<Group>(name).implement({
      description: `${dataset.name} with the same values of the selected dimensions.`,
      fields: (t) => ({
        dimensions: t.field({
          type: dimensionsType(types, dataset),
          description: 'The values that they share. Grouped by what is selected here.',
          resolve: ({ dimensions }) => dimensions,
        }),
        stats: t.field({
          type: statsType(types, dataset),
          description: 'Their statistics.',
          resolve: ({ stats }) => stats,
        }),
      }),
    }),
  );
}

/** `<Entity>Series`. */
export function seriesType(types: TypeRegistry, dataset: Dataset) {
  const name = `${dataset.entity}Series`;
  return types.once(name, (builder) =>
    builder.objectRef<Series>(name).implement({
      description: `${dataset.name} over time, for one value of the selected dimensions.`,
      fields: (t) => ({
        dimensions: t.field({
          type: dimensionsType(types, dataset),
          description: 'The values of the series. One series per value of what is selected here.',
          resolve: ({ dimensions }) => dimensions,
        }),
        other: t.exposeBoolean('other', {
          description: 'True: everything outside the top N, together; the dimensions are null.',
        }),
        points: t.field({
          type: [pointType(types, dataset)],
          description: 'The buckets of time, the oldest first.',
          resolve: ({ points }) => points,
        }),
      }),
    }),
  );
}

function pointType(types: TypeRegistry, dataset: Dataset) {
  return types.builder.objectRef<Point>(`${dataset.entity}Point`).implement({
    description: 'One bucket of time.',
    fields: (t) => ({
      start: t.expose('start', {
        type: 'DateTime',
        description: 'Its start; the first one starts with the range.',
      }),
      end: t.expose('end', {
        type: 'DateTime',
        description: 'Its end, exclusive; the last one ends with the range.',
      }),
      stats: t.field({
        type: statsType(types, dataset),
        description: 'Statistics of its events.',
        resolve: ({ stats }) => stats,
      }),
    }),
  });
}
