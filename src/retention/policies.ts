import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { RetentionDays } from '../core/dataset/retention.ts';
import type { Store } from '../storage/store.ts';
import { effectivePolicy, type Policy } from './policy.ts';

/**
 * The policies in force. They belong to a project, not to the server: an administrator of one
 * project must not be able to remove data of others. The declarations of datasets and
 * RETENTION_DAYS apply to all projects.
 */
export interface Policies {
  /** One per dataset, in the order of the registry. */
  ofProject(projectId: string): Promise<Policy[]>;
  ofProjectAndDataset(projectId: string, dataset: Dataset): Promise<Policy>;
  /** The policies of all projects. */
  ofAll(): Promise<(projectId: string, dataset: Dataset) => Policy>;
  /** Sets an override, which replaces the policy in force. */
  set(projectId: string, dataset: Dataset, days: RetentionDays): Promise<Policy>;
  /** Removes the override, if there is one. */
  reset(projectId: string, dataset: Dataset): Promise<Policy>;
}

interface PoliciesOptions {
  readonly store: Pick<Store, 'prisma'>;
  readonly clock: Clock;
  readonly datasets: readonly Dataset[];
  /** RETENTION_DAYS; null: not set. */
  readonly retentionDays: number | null;
}

export function createPolicies({ store, clock, datasets, retentionDays }: PoliciesOptions): Policies {
  const { retentionPolicy } = store.prisma;
  return {
    async ofProject(projectId) {
      const stored = await retentionPolicy.findMany({ where: { projectId } });
      const overrides = new Map(stored.map((override) => [override.dataset, daysOf(override)]));
      return datasets.map((dataset) => effectivePolicy(dataset, overrides.get(dataset.name), retentionDays));
    },

    async ofProjectAndDataset(projectId, dataset) {
      const key = { projectId, dataset: dataset.name };
      const stored = await retentionPolicy.findUnique({ where: { projectId_dataset: key } });
      return effectivePolicy(dataset, stored === null ? undefined : daysOf(stored), retentionDays);
    },

    async ofAll() {
      const stored = await retentionPolicy.findMany();
      const keyOf = (projectId: string, dataset: string) => JSON.stringify([projectId, dataset]);
      const overrides = new Map(
        stored.map((override) => [keyOf(override.projectId, override.dataset), daysOf(override)]),
      );
      return (projectId, dataset) =>
        effectivePolicy(dataset, overrides.get(keyOf(projectId, dataset.name)), retentionDays);
    },

    async set(projectId, dataset, days) {
      const key = { projectId, dataset: dataset.name };
      const values = {
        rowDays: days.rows,
        minuteDays: days.MINUTE,
        hourDays: days.HOUR,
        dayDays: days.DAY,
        updatedAt: new Date(clock.now()),
      };
      await retentionPolicy.upsert({
        where: { projectId_dataset: key },
        create: { ...key, ...values },
        update: values,
      });
      return effectivePolicy(dataset, days, retentionDays);
    },

    async reset(projectId, dataset) {
      await retentionPolicy.deleteMany({ where: { projectId, dataset: dataset.name } });
      return effectivePolicy(dataset, undefined, retentionDays);
    },
  };
}

interface StoredDays {
  readonly rowDays: number | null;
  readonly minuteDays: number | null;
  readonly hourDays: number | null;
  readonly dayDays: number | null;
}

const daysOf = ({ rowDays, minuteDays, hourDays, dayDays }: StoredDays): RetentionDays => ({
  rows: rowDays,
  MINUTE: minuteDays,
  HOUR: hourDays,
  DAY: dayDays,
});
