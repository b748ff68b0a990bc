import { batchesOf } from '../../../core/batches.ts';
import { isOneOf } from '../../../core/build-filter.ts';
import { textOf } from '../../../core/dataset/named-values.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import { metricUsages } from '../../../declarations/catalog/metric-usages.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import { addStateField } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Half of the maximum number of groups in an answer of the analytics. */
const METRICS_PER_QUESTION = 500;

/** Adds `Metric.usageCount`. */
export function addUsageCount(types: TypeRegistry): void {
  const load = createFieldBatches<string, number>();
  addStateField(types, metrics, 'usageCount', (t) =>
    t.field({
      ...needs(metrics, ['metricId']),
      type: 'SafeInt',
      description:
        'How often the metric has been used: the number of `metricUsages` events that name it, ' +
        'including those that retention has removed, because totals per day remain. If a retention ' +
        'policy sets `dayDays`, the days that it has removed are not counted.',
      resolve: async ({ metricId }, _args, context, info) => {
        const uses = await load(info, metricId, (metricIds) => countUses(context, metricIds));
        return uses ?? 0;
      },
    }),
  );
}

/**
 * Uses by metric id, over all time that still counts: mostly from day cells. Metrics without uses
 * are missing.
 */
async function countUses(
  { projectId, services: { analytics, clock } }: Context,
  metricIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  // Whole days, so that neither end needs rows. Events lie between 1970 and one day from now.
  const range = { from: 0, to: (Math.floor(clock.now() / DAY_MS) + 3) * DAY_MS };
  for (const batch of batchesOf(metricIds, METRICS_PER_QUESTION)) {
    const filter = isOneOf('metricId', batch);
    const scope = { dataset: metricUsages, projectId, range, filter } as const;
    const orderBy = { by: 'count', direction: 'desc' } as const;
    const options = { dimensions: ['metricId'], orderBy, first: batch.length };
    const { value } = await analytics.groups(scope, [], options);
    for (const { dimensions, stats } of value) counts.set(textOf(dimensions, 'metricId'), stats.rowCount);
  }
  return counts;
}
