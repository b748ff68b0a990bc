import { llmCalls } from '../declarations/llm/llm-calls.ts';
import type { ScopeOfHorizons } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';

/**
 * Says whether a running correction has yet to process calls before an instant, or their totals.
 */
export function createAwaitedRows({ prisma }: Pick<Store, 'prisma'>) {
  return async ({ projectId, dataset }: ScopeOfHorizons, before: number): Promise<boolean> => {
    if (dataset.name !== llmCalls.name) return false;
    const isBefore = { lt: new Date(before) };
    const correction = await prisma.costCorrection.findFirst({
      where: {
        ...{ projectId, status: 'RUNNING', dryRun: false, rangeFrom: isBefore },
        OR: [{ reachedAt: null }, { reachedAt: isBefore }, { changedDay: isBefore }],
      },
      select: { id: true },
    });
    return correction !== null;
  };
}
