import { InvalidArgument } from '../../../core/errors.ts';
import type { Context } from '../../../graphql/context.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';
import { type Dependencies, findCycle } from './dependency-graph.ts';

/**
 * What each metric of the project names as its dependencies, by metric id, in the order of the ids.
 * One statement.
 */
export async function readDependencies(
  prisma: Pick<StateTransaction, 'metric'>,
  { projectId }: Context,
): Promise<Dependencies> {
  const rows = await prisma.metric.findMany({
    where: { projectId },
    select: { metricId: true, dependencies: true },
  });
  // Sorted here: databases sort text by their own locale.
  rows.sort((one, other) => (one.metricId < other.metricId ? -1 : 1));
  return new Map(rows.map(({ metricId, dependencies }) => [metricId, dependencies as string[]]));
}

/**
 * Asked in the transaction that stores them.
 *
 * @throws InvalidArgument at `argument` when the metric would depend on itself, be it by way of
 *   others.
 */
export async function refuseCycle(
  prisma: StateTransaction,
  context: Context,
  metric: { readonly metricId: string; readonly dependencies: readonly string[] },
  argument: string,
): Promise<void> {
  if (metric.dependencies.length === 0) return;
  const stored = await readDependencies(prisma, context);
  const cycle = findCycle(new Map([...stored, [metric.metricId, metric.dependencies]]), metric.metricId);
  if (cycle === null) return;
  throw new InvalidArgument(
    `${metric.metricId} would depend on itself: ${cycle.join(' → ')}. Remove one of these dependencies.`,
    argument,
  );
}
