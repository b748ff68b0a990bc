import type { QueryBuilder, Store } from '../storage/store.ts';

export interface CorrectionKey {
  readonly projectId: string;
  readonly id: string;
}

/** A running correction. Times are epoch milliseconds. */
export interface Job extends CorrectionKey {
  readonly rangeFrom: number;
  readonly rangeTo: number;
  readonly provider: string | null;
  readonly model: string | null;
  readonly dryRun: boolean;
  readonly reached: { readonly timestamp: number; readonly id: string } | null;
  readonly changedDay: number | null;
}

/** @returns null if it has ended, or if its project no longer exists */
export async function readJob({ prisma }: Pick<Store, 'prisma'>, key: CorrectionKey): Promise<Job | null> {
  const stored = await prisma.costCorrection.findUnique({ where: { projectId_id: key } });
  if (stored?.status !== 'RUNNING') return null;
  const { rangeFrom, rangeTo, provider, model, dryRun, reachedAt, reachedId, changedDay } = stored;
  return {
    ...key,
    ...{ provider, model, dryRun },
    rangeFrom: rangeFrom.getTime(),
    rangeTo: rangeTo.getTime(),
    reached:
      reachedAt === null || reachedId === null ? null : { timestamp: reachedAt.getTime(), id: reachedId },
    changedDay: changedDay?.getTime() ?? null,
  };
}

/** Whether nobody has continued the correction since it was read. */
export async function isAt(transaction: QueryBuilder, { projectId, id, reached }: Job): Promise<boolean> {
  const row = await transaction
    .selectFrom('cost_corrections')
    .select(['reached_id', 'status'])
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.['status'] === 'RUNNING' && row['reached_id'] === (reached?.id ?? null);
}
