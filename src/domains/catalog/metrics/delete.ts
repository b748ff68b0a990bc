import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, stateType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog, metricKey, requireMetric } from '../catalog.ts';
import { expectedVersionInput, metricIdInput } from './inputs.ts';
import { checkVersion } from './revise.ts';

interface Deleted {
  readonly metric: Entity;
  readonly deletedChanges: number;
  readonly deletedTests: number;
}

/** Adds `deleteMetric`. */
export function addDeleteMetric(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteMetricInput', {
    description: 'The metric to delete.',
    fields: (t) => ({ ...metricIdInput(t), ...expectedVersionInput(t) }),
  });
  builder.mutationField('deleteMetric', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: deleteMetricPayload(types),
      description:
        'Deletes a metric with its history and its validation tests, in one transaction. ' +
        'Metrics that depend on it keep its name as a dependency outside the catalog. Its ' +
        'usage events remain until retention removes them. CONFLICT if `expectedVersion` is ' +
        'not the current version: `extensions.current` holds the current state.',
      args: { input: t.arg({ type: input, required: true, description: 'The metric.' }) },
      resolve: (_root, args, context) =>
        deleteMetric(context, args.input.metricId, args.input.expectedVersion),
    }),
  );
}

function deleteMetricPayload(types: TypeRegistry) {
  return types.builder.objectRef<Deleted>('DeleteMetricPayload').implement({
    description: 'The result of `deleteMetric`.',
    fields: (t) => ({
      metric: t.prismaField({
        type: stateType(types, metrics),
        description: 'The metric in its last state.',
        resolve: (_query, { metric }) => metric,
      }),
      deletedChanges: t.exposeInt('deletedChanges', { description: 'Number of changes in its history.' }),
      deletedTests: t.exposeInt('deletedTests', { description: 'Number of its validation tests.' }),
    }),
  });
}

function deleteMetric(
  context: Context,
  metricId: string,
  expectedVersion: number | null | undefined,
): Promise<Deleted> {
  const where = { projectId: context.projectId, metricId };
  return inCatalog(context, async (prisma) => {
    const metric = await requireMetric(prisma, context, metricId);
    checkVersion(metric, expectedVersion);
    const { count: deletedChanges } = await prisma.metricChange.deleteMany({ where });
    const { count: deletedTests } = await prisma.validationTest.deleteMany({ where });
    await prisma.metric.delete({ where: metricKey(context, metricId) });
    return { metric, deletedChanges, deletedTests };
  });
}
