import { TelltaleError } from '../../../core/errors.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, stateType, toState } from '../../../graphql/entities/entity.ts';
import { columnInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import { presentState, toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { findMetric, inCatalog } from '../catalog.ts';
import { refuseCycle } from './dependencies.ts';

/** Adds `createMetric`. */
export function addCreateMetric(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<Record<string, unknown>>('CreateMetricInput').implement({
    description: 'A new metric.',
    fields: (t) => columnInputs(types, t, inputColumns(metrics)),
  });
  const payload = builder.objectRef<Entity>('CreateMetricPayload').implement({
    description: 'The result of `createMetric`.',
    fields: (t) => ({
      metric: t.prismaField({
        type: stateType(types, metrics),
        description: 'The new metric.',
        resolve: (_query, metric) => metric,
      }),
    }),
  });
  builder.mutationField('createMetric', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: payload,
      description:
        'Adds a metric to the catalog, at version 1. CONFLICT if a metric with this `metricId` ' +
        'exists: `extensions.current` holds its current state. Dependencies that would form a ' +
        'cycle are rejected.',
      args: { input: t.arg({ type: input, required: true, description: 'The metric.' }) },
      resolve: (_root, args, context) => createMetric(context, args.input),
    }),
  );
}

async function createMetric(context: Context, input: Readonly<Record<string, unknown>>): Promise<Entity> {
  const row = context.services.stateChecks.toRow(metrics, context.projectId, input);
  const metric = toState(metrics, row);
  const { metricId, dependencies } = metric;
  return inCatalog(context, async (prisma) => {
    const present = await findMetric(prisma, context, metricId);
    if (present !== null) {
      throw new TelltaleError('CONFLICT', `The metric "${metricId}" already exists: update it instead.`, {
        argument: 'input.metricId',
        current: presentState(metrics, present),
      });
    }
    await refuseCycle(prisma, context, { metricId, dependencies, argument: 'input.dependencies' });
    return prisma.metric.create({ data: toPrismaData(metrics, metric) });
  });
}
