import type { Stats, Total, WantedMeasure } from '../../analytics/spec.ts';
import { attributeName } from '../../core/dataset/attribute.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined, present } from '../../core/defined.ts';
import type { ObjectType } from '../builder.ts';
import type { Selection } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { dimensionEnum } from './dimension-enum.ts';
import { attributeStats, checkQuantile, measureStats, QUANTILE_FIELDS } from './measure-stats.ts';
import { dimensionIn } from './named-value.ts';
import { errorCount, rate } from './stats-values.ts';

const TOTALS = ['sum', 'min', 'max'] as const satisfies readonly Total[];

export function statsName(dataset: Dataset): string {
  return `${dataset.entity}Stats`;
}

/** `<Entity>Stats`: counts and rates of events, and the statistics of each measure. */
export function statsType(types: TypeRegistry, dataset: Dataset): ObjectType<Stats> {
  const name = statsName(dataset);
  return types.once(name, (builder) =>
    builder.objectRef<Stats>(name).implement({
      description: `Statistics of ${dataset.name}. Only selected fields are computed.`,
      fields: (t) => ({
        count: t.expose('rowCount', { type: 'SafeInt', description: 'Number of events.' }),
        ...(dataset.hasSuccess && {
          successCount: t.field({
            type: 'SafeInt',
            description: 'Events that succeeded.',
            resolve: (stats) => present(stats.successCount),
          }),
          errorCount: t.field({
            type: 'SafeInt',
            description: 'Events that did not succeed.',
            resolve: (stats) => present(errorCount(stats)),
          }),
          successRate: t.float({
            nullable: true,
            description: 'Share of the events that succeeded, 0 to 1; null if there are none.',
            resolve: (stats) => rate(stats.successCount, stats.rowCount),
          }),
          errorRate: t.float({
            nullable: true,
            description: 'Share of the events that did not succeed, 0 to 1; null if there are none.',
            resolve: (stats) => rate(errorCount(stats), stats.rowCount),
          }),
        }),
        countDistinct: t.field({
          type: 'SafeInt',
          description:
            'Exact number of distinct values of a dimension: users, sessions, models. Events ' +
            'without a value do not count. The number is read from rows or columns. Numbers of ' +
            'several groups or buckets do not add up to that of all of them.',
          args: {
            dimension: t.arg({
              type: dimensionEnum(types, dataset),
              description: 'The dimension whose values are counted.',
            }),
            attribute: t.arg({
              type: 'AttributePath',
              description: 'The attribute whose values are counted, instead of a dimension.',
            }),
            tag: t.arg.string({
              description: 'The key of the tag whose values are counted, instead of a dimension.',
            }),
          },
          resolve: ({ measures }, args) => present(measures.get(dimensionIn(args))?.distinct),
        }),
        attribute: t.field({
          type: attributeStats(types),
          description: 'Statistics of the numeric values of an attribute. Use an alias to name it.',
          args: { path: t.arg({ type: 'AttributePath', required: true, description: 'The attribute.' }) },
          resolve: ({ measures }, { path }) => defined(measures.get(attributeName(path, 'path'))),
        }),
        ...Object.fromEntries(
          dataset.measures.map((measure) => [
            measure.name,
            t.field({
              type: measureStats(types),
              description: measure.description,
              resolve: ({ measures }) => defined(measures.get(measure.name)),
            }),
          ]),
        ),
      }),
    }),
  );
}

/**
 * The measures, quantiles and distinct counts that a selection on `<Entity>Stats` needs.
 *
 * @throws InvalidArgument for a quantile outside 0 to 1.
 */
export function wantedMeasures(dataset: Dataset, stats: Selection): WantedMeasure[] {
  const counted = stats
    .argumentsOf('countDistinct')
    .map((args): WantedMeasure => ({ measure: dimensionIn(args), quantiles: [], totals: ['distinct'] }));
  const measures = dataset.measures
    .filter(({ name }) => stats.has(name))
    .map(({ name }): WantedMeasure => {
      return { measure: name, ...wantedNumbers(stats.below(name)) };
    });
  return [...measures, ...wantedAttributes(stats), ...counted];
}

/** If several attributes are selected, each gets the numbers selected for any of them. */
function wantedAttributes(stats: Selection): WantedMeasure[] {
  const numbers = wantedNumbers(stats.below('attribute'));
  return stats.argumentsOf('attribute').map(({ path }) => ({
    measure: attributeName(String(path), 'path'),
    ...numbers,
  }));
}

/** The totals and quantiles that a selection on statistics of a measure needs. */
function wantedNumbers(selected: Selection): Pick<WantedMeasure, 'totals' | 'quantiles'> {
  const named = Object.keys(QUANTILE_FIELDS).filter((field) => selected.has(field));
  const asked = selected.argumentsOf('quantile').map(({ p }) => checkQuantile(Number(p)));
  const totals: Total[] = TOTALS.filter(
    (total) => selected.has(total) || (total === 'sum' && selected.has('avg')),
  );
  return {
    totals: selected.has('notNumbers') ? [...totals, 'others'] : totals,
    quantiles: [...new Set([...named.map((field) => defined(QUANTILE_FIELDS[field])), ...asked])],
  };
}
