import type { WantedMeasure } from '../../../analytics/spec.ts';
import { isPresent } from '../../../core/build-filter.ts';
import type { AskedRange } from '../../../core/time/range.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Counted } from './join-stats.ts';

/**
 * The maximum of the analytics. If there are more models, those with the fewest generations count
 * as having none.
 */
const MAX_GROUPS = 1_000;
const MEASURES: readonly WantedMeasure[] = [
  { measure: 'durationMs', quantiles: [] },
  { measure: 'cost', quantiles: [] },
];
const TOTAL_MEASURES: readonly WantedMeasure[] = [{ measure: 'cost', quantiles: [] }];
const MODEL_KNOWN = isPresent('model');

/**
 * The generations of a range, and their groups by these dimensions, largest first. Groups by model
 * include only generations whose model is known.
 */
export async function readGenerations(
  { projectId, services: { analytics } }: Context,
  range: AskedRange,
  dimensions: readonly string[],
): Promise<Counted> {
  const scope = { dataset: generations, projectId, range, filter: null };
  const [groups, all] = await Promise.all([
    analytics.groups({ ...scope, filter: dimensions.includes('model') ? MODEL_KNOWN : null }, MEASURES, {
      dimensions,
      orderBy: { by: 'count', direction: 'desc' },
      first: MAX_GROUPS,
    }),
    analytics.totals(scope, TOTAL_MEASURES),
  ]);
  return { groups: groups.value, all: all.value };
}
