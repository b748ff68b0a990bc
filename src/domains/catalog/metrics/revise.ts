import { TelltaleError } from '../../../core/errors.ts';
import { metricChanges } from '../../../declarations/catalog/metric-changes.ts';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { nextInstant } from '../../../graphql/states/next-instant.ts';
import {
  type PrismaValues,
  presentState,
  type StateTransaction,
  toPrismaData,
  toPrismaValues,
} from '../../../graphql/states/state-values.ts';
import { metricKey, type StoredMetric } from '../catalog.ts';
import { refuseCycle } from './dependencies.ts';
import { changedFields, type Definition, definitionOf, type FieldChange } from './revision.ts';

/** Who changes a metric, and why. */
export interface Authorship {
  readonly changedBy: string;
  readonly comment?: string | null | undefined;
  /** The version that the change restores; absent if it restores none. */
  readonly revertedTo?: number;
}

/** A metric after an update, and what the update changed. */
export interface Revised {
  readonly metric: Entity;
  readonly changes: readonly Entity[];
}

export interface Revision {
  readonly present: StoredMetric;
  /** The new values of the fields; omitted fields keep their values. */
  readonly wanted: Definition;
  readonly authorship: PrismaValues;
  /** The argument that an error about a cycle names. */
  readonly argument: string;
}

/** The stored values of an authorship. */
export function checkAuthorship({ services }: Context, authorship: Authorship): PrismaValues {
  return toPrismaValues(metricChanges, services.stateChecks.toChanges(metricChanges, { ...authorship }));
}

/**
 * @throws TelltaleError CONFLICT, with the current state, if `expectedVersion` is given and is not
 *   the current version.
 */
export function checkVersion(present: StoredMetric, expectedVersion: number | null | undefined): void {
  if (expectedVersion == null || expectedVersion === present.version) return;
  throw new TelltaleError(
    'CONFLICT',
    `The metric ${present.metricId} is at version ${present.version}, not at ` +
      `${expectedVersion}: read its current state, then send your change again with ` +
      `\`expectedVersion: ${present.version}\`.`,
    { argument: 'input.expectedVersion', current: presentState(metrics, present) },
  );
}

/**
 * Stores the next version of a metric, with a change for each field that differs. If none differs,
 * there is no new version.
 */
export async function revise(
  prisma: StateTransaction,
  context: Context,
  { present, wanted, authorship, argument }: Revision,
): Promise<Revised> {
  const differences = changedFields(definitionOf(present), wanted);
  if (differences.length === 0) return { metric: present, changes: [] };
  const changed = Object.fromEntries(differences.map(({ field, newValue }) => [field, newValue]));
  if ('dependencies' in changed) {
    const dependencies = changed['dependencies'] as string[];
    await refuseCycle(prisma, context, { metricId: present.metricId, dependencies, argument });
  }
  const version = present.version + 1;
  const updatedAt = nextInstant(context, present);
  const metric = await prisma.metric.update({
    where: metricKey(context, present.metricId),
    data: toPrismaData(metrics, { ...changed, version, updatedAt }),
  });
  const changes = differences.map((difference) =>
    toChange(context, difference, {
      ...authorship,
      metricId: present.metricId,
      version,
      changedAt: updatedAt,
    }),
  );
  await prisma.metricChange.createMany({
    data: changes.map((change) => toPrismaData(metricChanges, change)),
  });
  return { metric, changes };
}

function toChange(
  { projectId, services }: Context,
  { field, oldValue, newValue }: FieldChange,
  update: PrismaValues,
): Entity {
  const nothing = { comment: null, revertedTo: null };
  return { ...nothing, ...update, projectId, id: services.ids.next(), field, oldValue, newValue };
}
