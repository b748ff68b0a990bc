import type { Context } from '../../../graphql/context.ts';
import { entityType } from '../../../graphql/dataset/entity.ts';
import { changeInputs } from '../../../graphql/dataset/input.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { toPrismaValues } from '../../../graphql/dataset/record-data.ts';
import { inCatalog, requireMetric } from '../catalog.ts';
import { metricChanges } from '../metric-changes/definition.ts';
import { metrics } from './definition.ts';
import { metricIdInput, versionInputs } from './inputs.ts';
import { type Authorship, checkAuthorship, checkVersion, type Revised, revise } from './revise.ts';
import { definitionColumns } from './revision.ts';

interface UpdateMetricInput extends Authorship, Readonly<Record<string, unknown>> {
  readonly metricId: string;
  readonly expectedVersion?: number | null;
}

/** Adds `updateMetric`. */
export function addUpdateMetric(parts: Parts): void {
  const { builder } = parts;
  const input = builder.inputRef<UpdateMetricInput>('UpdateMetricInput').implement({
    description: 'Which metric to change, who changes it, and the fields to change. What is left out stays.',
    fields: (t) =>
      ({
        ...metricIdInput(t),
        ...versionInputs(t),
        ...changeInputs(parts, t, definitionColumns),
      }) as never,
  });
  builder.mutationField('updateMetric', (t) =>
    t.field({
      type: updateMetricPayload(parts),
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
export function updateMetricPayload(parts: Parts) {
  return parts.once('UpdateMetricPayload', (builder) =>
    builder.objectRef<Revised>('UpdateMetricPayload').implement({
      description: 'A metric after a change.',
      fields: (t) => ({
        metric: t.field({
          type: entityType(parts, metrics),
          description: 'The metric as it is now.',
          resolve: ({ metric }) => metric,
        }),
        changes: t.field({
          type: [entityType(parts, metricChanges)],
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
  const wanted = toPrismaValues(metrics, context.services.recordChecks.toChanges(metrics, fields));
  return inCatalog(context, async (prisma) => {
    const present = await requireMetric(prisma, context, metricId);
    checkVersion(present, expectedVersion);
    return revise(prisma, context, { present, wanted, authorship, argument: 'input.dependencies' });
  });
}
