import { metricChanges } from '../../../declarations/catalog/metric-changes.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
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
    description: 'Which metric to change, who changes it, and the fields to change. What is left out stays.',
    fields: (t) =>
      ({
        ...metricIdInput(t),
        ...versionInputs(t),
        ...changeInputs(types, t, definitionColumns),
      }) as never,
  });
  builder.mutationField('updateMetric', (t) =>
    t.field({
      type: updateMetricPayload(types),
      description:
        'Changes the definition of a metric: its next version, and one `MetricChange` per changed field, in one transaction. A ' +
        'field that is set to what it is does not change; where none does, there is no next version. CONFLICT when ' +
        '`expectedVersion` is not the present one: the present state is in `extensions.current`. Dependencies that would lead ' +
        'back to the metric are refused.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateMetric(context, args.input),
    }),
  );
}

/** What `updateMetric` and `revertMetric` answer. */
export function updateMetricPayload(types: TypeRegistry) {
  return types.once('UpdateMetricPayload', (builder) =>
    builder.objectRef<Revised>('UpdateMetricPayload').implement({
      description: 'A metric after a change.',
      fields: (t) => ({
        metric: t.field({
          type: entityType(types, metrics),
          description: 'The metric as it is now.',
          resolve: ({ metric }) => metric,
        }),
        changes: t.field({
          type: [entityType(types, metricChanges)],
          description: 'What was recorded, a change per field. Empty: nothing changed.',
          resolve: ({ changes }) => [...changes],
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
