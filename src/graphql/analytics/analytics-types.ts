import type { DimensionValues, Group, Series } from '../../analytics/spec.ts';
import { attributeName } from '../../core/dataset/attribute.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { ObjectType } from '../builder.ts';
import { columnFieldType } from '../entities/column-types.ts';
import { inPortions, microsecondsOfStats } from '../limits/in-portions.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { dimensionsName } from './analysis.ts';
import { statsType } from './stats.ts';
import { tagDimension } from './tag-dimension.ts';

export type Point = Series['points'][number];

/** `<Entity>Dimensions`: the values that all events of a group share. */
export function dimensionsType(types: TypeRegistry, dataset: Dataset): ObjectType<DimensionValues> {
  const name = dimensionsName(dataset);
  return types.once(name, (builder) =>
    builder.objectRef<DimensionValues>(name).implement({
      description: 'The dimensions to group by. Select the ones you need.',
      fields: (t) => ({
        ...Object.fromEntries(
          dataset.dimensions.map((dimension) => [
            dimension.name,
            t.field({
              type: columnFieldType(types, dimension),
              nullable: true,
              description: `${dimension.description} Null means absent, or outside the top of a series.`,
              resolve: (values) => values[dimension.name] as string | null,
            }),
          ]),
        ),
        attribute: t.field({
          type: 'JSON',
          nullable: true,
          description:
            'An attribute to group by: text, a number or a boolean. Null means absent, a list or ' +
            'an object, or outside the top of a series. Use an alias to name it: `region: ' +
            'attribute(path: "region")`.',
          args: { path: t.arg({ type: 'AttributePath', required: true, description: 'The attribute.' }) },
          resolve: (values, { path }) => values[attributeName(path, 'path')] ?? null,
        }),
        tag: tagDimension(t),
      }),
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
          description: 'The values that the events share. The selected dimensions are the ones to group by.',
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
          description:
            'The values of the series. There is one series per combination of values of the ' +
            'selected dimensions.',
          resolve: ({ dimensions }) => dimensions,
        }),
        other: t.exposeBoolean('other', {
          description:
            'True for the series that combines all events outside the `top`. Its dimensions are null.',
        }),
        points: t.field({
          type: [pointType(types, dataset)],
          description: 'The time buckets, oldest first.',
          resolve: ({ points }, _, context) =>
            inPortions(context, points, microsecondsOfStats(points[0]?.stats.measures.size ?? 0)),
        }),
      }),
    }),
  );
}

function pointType(types: TypeRegistry, dataset: Dataset) {
  return types.builder.objectRef<Point>(`${dataset.entity}Point`).implement({
    description: 'One time bucket.',
    fields: (t) => ({
      start: t.expose('start', {
        type: 'DateTime',
        description: 'Start of the bucket. The first bucket starts with the range.',
      }),
      end: t.expose('end', {
        type: 'DateTime',
        description: 'End of the bucket, exclusive. The last bucket ends with the range.',
      }),
      stats: t.field({
        type: statsType(types, dataset),
        description: 'Statistics of the events in the bucket.',
        resolve: ({ stats }) => stats,
      }),
    }),
  });
}
