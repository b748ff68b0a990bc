import { isOneOf } from '../../core/build-filter.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { Filter } from '../../core/filter.ts';
import { textValue } from '../../core/filter-value.ts';
import { derivedId } from '../../core/ids.ts';
import { metrics } from '../../declarations/catalog/metrics.ts';
import type { Context } from '../../graphql/context.ts';
import type { StateTransaction } from '../../graphql/states/state-values.ts';

/** A metric as it is stored. */
export type StoredMetric = NonNullable<Awaited<ReturnType<typeof findMetric>>>;

/**
 * Changes the catalog in a transaction. Changes in one project run one after another, on all
 * instances. What a change has read of the catalog stays true until it commits. So two changes
 * together cannot break a rule that each of them checks.
 */
export function inCatalog<Value>(
  { projectId, services }: Context,
  work: (prisma: StateTransaction) => Promise<Value>,
): Promise<Value> {
  return services.store.transact(`catalog:${projectId}`, work);
}

/** The UUID of a metric. */
export function metricUuid({ projectId }: Context, metricId: string): string {
  return derivedId(projectId, metrics.name, metricId);
}

/** Identifies a metric for Prisma. */
export function metricKey(context: Context, metricId: string) {
  return { projectId_id: { projectId: context.projectId, id: metricUuid(context, metricId) } };
}

/** Null if there is none. */
export function findMetric(prisma: StateTransaction, context: Context, metricId: string) {
  return prisma.metric.findUnique({ where: metricKey(context, metricId) });
}

/** @throws TelltaleError NOT_FOUND if there is none. */
export async function requireMetric(
  prisma: StateTransaction,
  context: Context,
  metricId: string,
): Promise<StoredMetric> {
  const metric = await findMetric(prisma, context, metricId);
  if (metric !== null) return metric;
  throw new TelltaleError('NOT_FOUND', `There is no metric "${metricId}" in the catalog.`, {
    argument: 'input.metricId',
  });
}

/**
 * Matches the rows of the metric, in any table of the catalog.
 *
 * @throws InvalidArgument at `metricId` for a value that cannot be an id.
 */
export function ofMetric(metricId: string): Filter {
  return isOneOf('metricId', [textValue(metricId, 'metricId')]);
}
