import { InvalidArgument } from '../../../core/errors.ts';
import type { Context } from '../../../graphql/context.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';
import { type Dependencies, findCycle } from './dependency-graph.ts';

/**
 * The dependencies of each metric of the project, by metric id, in the order of the ids. One
 * statement.
 */
export async function readDependencies(
  prisma: Pick<StateTransaction, 'metric'>,
  { projectId }: Context,
): Promise<Dependencies> {
  const rows = await prisma.metric.findMany({
    where: { projectId },
    select: { metricId: true, dependencies: true },
  });
  // Sorted here, because databases sort text by their own locale.
  rows.sort((one, other) => (one.metricId < other.metricId ? -1 : 1));
  return new Map(rows.map(({ metricId, dependencies }) => [metricId, dependencies as string[]]));
}

export interface WantedDependencies {
  readonly metricId: string;
  readonly dependencies: readonly string[];
  /** The argument that contains them, which errors name. */
  readonly argument: string;
}

/**
 * Rejects dependencies that would form a cycle. Must be called in the transaction that stores them.
 *
 * @throws InvalidArgument at `argument` if the metric would depend on itself, directly or through
 *   others.
 */
export async function refuseCycle(
  prisma: StateTransaction,
  context: Context,
  { metricId, dependencies, argument }: WantedDependencies,
): Promise<void> {
  if (dependencies.length === 0) return;
  const stored = await readDependencies(prisma, context);
  const cycle = findCycle(new Map([...stored, [metricId, dependencies]]), metricId);
  if (cycle === null) return;
  throw new InvalidArgument(
    `${metricId} would depend on itself: ${cycle.join(' → ')}. Remove one of these dependencies.`,
    argument,
  );
}
