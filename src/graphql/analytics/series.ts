import { MAX_SERIES } from '../../analytics/create-analytics.ts';
import type { SeriesOptions } from '../../analytics/spec.ts';
import { checkBetween } from '../../core/check-between.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { type FieldInfo, selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type Analysis, selectedDimensions } from './analysis.ts';
import { costOfSeries } from './analytics-cost.ts';
import { seriesType } from './analytics-types.ts';
import { groupOrderInput, readGroupOrder } from './group-order.ts';
import { answered } from './source.ts';
import { wantedMeasures } from './stats.ts';
import { bucketArgs, seriesFill } from './time-grain.ts';

const DEFAULT_TOP = 10;

/** Adds `series` to the analytics of a dataset. */
export function addSeries(types: TypeRegistry, dataset: Dataset, type: ObjectType<Analysis>): void {
  types.builder.objectField(type, 'series', (t) =>
    t.field({
      type: [seriesType(types, dataset)],
      description:
        'Statistics per time bucket: one series, or one per combination of values of the ' +
        'selected dimensions, in the order of `orderBy`. At most 1,000 points per series.',
      args: {
        ...bucketArgs(types, { grain: 'AUTO' }),
        top: t.arg.int({
          defaultValue: DEFAULT_TOP,
          description:
            'Maximum number of series, 1 to 50: the first by `orderBy`. Everything else forms ' +
            'one more series with `other`.',
        }),
        orderBy: t.arg({
          type: groupOrderInput(types, dataset),
          description:
            'The sort order of the series, computed over the whole range. Default: most events first.',
        }),
        fill: t.arg({
          type: seriesFill(types),
          defaultValue: 'ZERO',
          description: 'How to treat empty buckets.',
        }),
      },
      extensions: costs<Analysis>(({ args, from: { scope }, info }) => {
        const { top, ...options } = seriesOptions(args);
        const { dimensions, measures } = wanted(info, dataset);
        // `other` is one more series.
        const groups = dimensions.length === 0 ? 1 : checkBetween(top, MAX_SERIES, 'top') + 1;
        const orderBy = readGroupOrder(dataset, args.orderBy);
        const asked = { ...scope, ...options, dimensions, measures, groups, orderBy };
        return { rows: costOfSeries(asked), whole: true };
      }),
      resolve: (analysis, args, { services }, info) => {
        const { dimensions, measures } = wanted(info, dataset);
        const options = {
          dimensions,
          ...seriesOptions(args),
          orderBy: readGroupOrder(dataset, args.orderBy),
        };
        return answered(analysis.answers, services.analytics.series(analysis.scope, measures, options));
      },
    }),
  );
}

interface SeriesArguments {
  readonly grain?: SeriesOptions['grain'] | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly top?: number | null | undefined;
  readonly fill?: SeriesOptions['fill'] | null | undefined;
}

/** An explicit null means the default. */
function seriesOptions({ grain, timeZone, top, fill }: SeriesArguments): Omit<SeriesOptions, 'dimensions'> {
  return {
    grain: grain ?? 'AUTO',
    timeZone: timeZone ?? 'UTC',
    top: top ?? DEFAULT_TOP,
    fill: fill ?? 'ZERO',
  };
}

/** The measures that the selection below `series` needs. */
function wanted(info: FieldInfo, dataset: Dataset) {
  const selection = selectionOf(info);
  return {
    dimensions: selectedDimensions(dataset, selection),
    measures: wantedMeasures(dataset, selection.below('points').below('stats')),
  };
}
