import { metricChanges } from '../../../declarations/catalog/metric-changes.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import { stateType } from '../../../graphql/entities/entity.ts';
import { changeInputs } from '../../../graphql/events/event-input.ts';
import { toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog, requireMetric } from '../catalog.ts';
import { metricIdInput, versionInputs } from './inputs.ts';
import { type Authorship, checkAuthorship, checkVersion, type Revised, revise } from './revise.ts';
import { definitionColumns } from './revision.ts';

interface UpdateMetricInput extends Authorship, Readonly<Record<string, unknown>> {
  readonly metricId: string;
  readonly expectedVersion?: number | null;
}

/** Adds `updateMetric`. */
export function addUpdateMetric(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<UpdateMetricInput>('UpdateMetricInput').implement({
    description:
      'The metric to change, who changes it, and the fields to change. Omitted fields keep their ' +
      'values.',
    fields: (t) => ({
      ...metricIdInput(t),
      ...versionInputs(t),
      ...changeInputs(types, t, definitionColumns),
    }),
  });
  builder.mutationField('updateMetric', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: updateMetricPayload(types),
      description:
        'Changes the definition of a metric: creates the next version and one `MetricChange` ' +
        'per changed field, in one transaction. Setting a field to its current value changes ' +
        'nothing; if no field changes, there is no new version. CONFLICT if `expectedVersion` ' +
        'is not the current version: `extensions.current` holds the current state. ' +
        'Dependencies that would form a cycle are rejected.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateMetric(context, args.input),
    }),
  );
}

/** The payload of `updateMetric` and `revertMetric`. */
export function updateMetricPayload(types: TypeRegistry) {
  return types.once('UpdateMetricPayload', (builder) =>
    builder.objectRef<Revised>('UpdateMetricPayload').implement({
      description: 'A metric after a change.',
      fields: (t) => ({
        metric: t.prismaField({
          type: stateType(types, metrics),
          description: 'The metric as it is now.',
          resolve: (_query, { metric }) => metric,
        }),
        changes: t.prismaField({
          type: [stateType(types, metricChanges)],
          description: 'The recorded changes, one per field. Empty if nothing changed.',
          resolve: (_query, { changes }) => [...changes],
        }),
      }),
    }),
  );
}

async function updateMetric(context: Context, input: UpdateMetricInput): Promise<Revised> {
  const { metricId, expectedVersion, changedBy, comment, ...fields } = input;
  const authorship = checkAuthorship(context, { changedBy, comment });
  const wanted = toPrismaValues(metrics, context.services.stateChecks.toChanges(metrics, fields));
  return inCatalog(context, async (prisma) => {
    const present = await requireMetric(prisma, context, metricId);
    checkVersion(present, expectedVersion);
    return revise(prisma, context, { present, wanted, authorship, argument: 'input.dependencies' });
  });
}
