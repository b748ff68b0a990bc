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

/** Who changes a metric, and what for. */
export interface Authorship {
  readonly changedBy: string;
  readonly comment?: string | null | undefined;
  /** The version that is restored. */
  readonly revertedTo?: number;
}

/** A metric after an update, and what the update changed. */
export interface Revised {
  readonly metric: Entity;
  readonly changes: readonly Entity[];
}

export interface Revision {
  readonly present: StoredMetric;
  /** The fields that are wanted; those that are left out stay. */
  readonly wanted: Definition;
  readonly authorship: PrismaValues;
  /** What a cycle of dependencies is blamed on. */
  readonly argument: string;
}

/**
 * What is stored of an authorship.
 *
 * @throws InvalidArgument at `input.changedBy` or `input.comment`.
 */
export function checkAuthorship({ services }: Context, authorship: Authorship): PrismaValues {
  return toPrismaValues(metricChanges, services.stateChecks.toChanges(metricChanges, { ...authorship }));
}

/**
 * @throws TelltaleError CONFLICT, with the present state, unless the caller knows the present
 *   version or gave none.
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
 * Makes the next version of a metric, with a change for each field that differs. None differs:
 * there is no next version.
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
    await refuseCycle(prisma, context, { metricId: present.metricId, dependencies }, argument);
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
