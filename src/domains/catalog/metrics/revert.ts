import { InvalidArgument } from '../../../core/errors.ts';
import type { Context } from '../../../graphql/context.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog, requireMetric, type StoredMetric } from '../catalog.ts';
import { metricIdInput, versionInputs } from './inputs.ts';
import { type Authorship, checkAuthorship, checkVersion, type Revised, revise } from './revise.ts';
import { definitionOf, stateAt } from './revision.ts';
import { updateMetricPayload } from './update.ts';

interface RevertMetricInput extends Authorship {
  readonly metricId: string;
  readonly to: number;
  readonly expectedVersion?: number | null | undefined;
}

/** Adds `revertMetric`. */
export function addRevertMetric(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('RevertMetricInput', {
    description: 'The metric, the version to restore, and who restores it.',
    fields: (t) => ({
      ...metricIdInput(t),
      to: t.int({ required: true, description: 'An earlier version, from 1.' }),
      ...versionInputs(t),
    }),
  });
  builder.mutationField('revertMetric', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: updateMetricPayload(types),
      description:
        'Restores the definition that a metric had at an earlier version. Like any change, ' +
        'this creates a new version and one `MetricChange` per field that differs, with ' +
        '`revertedTo`. The history is kept, and the revert can itself be reverted. If the ' +
        'definition is already the same, nothing changes. Rejected if the old dependencies ' +
        'would now form a cycle.',
      args: { input: t.arg({ type: input, required: true, description: 'The version to restore.' }) },
      resolve: (_root, args, context) => revertMetric(context, args.input),
    }),
  );
}

async function revertMetric(context: Context, input: RevertMetricInput): Promise<Revised> {
  const { metricId, to, expectedVersion, changedBy, comment } = input;
  const authorship = checkAuthorship(context, { changedBy, comment });
  return inCatalog(context, async (prisma) => {
    const present = await requireMetric(prisma, context, metricId);
    checkVersion(present, expectedVersion);
    checkEarlier(present, to);
    const later = await prisma.metricChange.findMany({
      where: { projectId: context.projectId, metricId, version: { gt: to } },
      select: { field: true, oldValue: true, version: true },
    });
    return revise(prisma, context, {
      present,
      wanted: stateAt(definitionOf(present), later, to),
      authorship: { ...authorship, revertedTo: to },
      argument: 'input.to',
    });
  });
}

/** @throws InvalidArgument unless `to` is an earlier version of the metric. */
function checkEarlier({ metricId, version }: StoredMetric, to: number): void {
  if (to >= 1 && to < version) return;
  const choice = version === 1 ? 'there is no earlier one' : `give one from 1 to ${version - 1}`;
  throw new InvalidArgument(
    `The metric ${metricId} cannot be reverted to version ${to}: it is at version ${version}, ${choice}.`,
    'input.to',
  );
}
