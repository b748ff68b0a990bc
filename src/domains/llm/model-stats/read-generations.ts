import type { Filter } from '../../../core/filter.ts';
import type { AskedRange } from '../../../core/time/range.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Group, WantedMeasure } from '../../../query/spec.ts';
import { generations } from '../../generations/generations/definition.ts';

/** As many groups as analytics gives; of more models, those with the fewest generations count as having none. */
const MOST_GROUPS = 1_000;
const MEASURES: readonly WantedMeasure[] = [
  { measure: 'durationMs', quantiles: [] },
  { measure: 'cost', quantiles: [] },
];
const MODEL_KNOWN: Filter = { kind: 'test', field: 'model', operator: 'eq', value: null, negated: true };

/** The generations of a range by these dimensions, most first; by model, only those whose model is known. */
export async function readGenerations(
  { projectId, services: { analytics } }: Context,
  range: AskedRange,
  dimensions: readonly string[],
): Promise<readonly Group[]> {
  const filter = dimensions.includes('model') ? MODEL_KNOWN : null;
  const { value } = await analytics.groups(
    { dataset: generations, projectId, range, filter },
    dimensions,
    MEASURES,
    { orderBy: { by: 'count', direction: 'desc' }, first: MOST_GROUPS },
  );
  return value;
}
