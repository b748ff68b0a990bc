import type { Analytics } from '../../analytics/analytics.ts';
import { askUntilAllAgree } from '../../analytics/formulas/agree.ts';
import type { Scope } from '../../analytics/spec.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Interval } from '../../core/time/range.ts';

/**
 * The part of a range for which all datasets still have their rows, for queries that join them.
 * Empty if there is none.
 */
export async function keptByAll(
  analytics: Pick<Analytics, 'keptRows'>,
  datasets: readonly Dataset[],
  { projectId, range }: Pick<Scope, 'projectId' | 'range'>,
): Promise<Interval> {
  const { source } = await askUntilAllAgree(range, async (asked) => {
    const kept = datasets.map((dataset) => analytics.keptRows({ dataset, projectId, range: asked }));
    return { value: null, sources: (await Promise.all(kept)).map((answer) => answer.source) };
  });
  return source.range;
}
