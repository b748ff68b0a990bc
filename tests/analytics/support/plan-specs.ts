import type { QuerySpec, WantedMeasure } from '../../../src/analytics/spec.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import type { Filter } from '../../../src/core/filter.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const at = (text: string): number => Date.parse(text);

/** Boundaries every `step` milliseconds from `from`, the last one at `to`. */
export function every(step: number, from: number, to: number): number[] {
  const boundaries = [];
  for (let instant = from; instant < to; instant += step) boundaries.push(instant);
  return [...boundaries, to];
}

export function specOf(
  boundaries: readonly number[],
  options: { dataset?: Dataset; filter?: Filter; dimensions?: string[]; measures?: WantedMeasure[] } = {},
): QuerySpec {
  return {
    dataset: options.dataset ?? llmCalls,
    projectId: 'default',
    range: { from: boundaries[0] as number, to: boundaries.at(-1) as number },
    filter: options.filter ?? null,
    dimensions: options.dimensions ?? [],
    boundaries,
    measures: options.measures ?? [],
  };
}

export const exactly = (spec: QuerySpec): QuerySpec => ({ ...spec, range: { ...spec.range, exact: true } });

export const is = (field: string, value: string | boolean): Filter => ({
  kind: 'test',
  field,
  operator: 'eq',
  value,
  negated: false,
});

/** Calls with a set that keeps hours but no days. */
const WITH_HOURS_BY_USER: Dataset = {
  ...llmCalls,
  rollups: [...llmCalls.rollups, { dimensions: ['endUser'], grains: ['HOUR'] }],
};
export const BY_USER = { dataset: WITH_HOURS_BY_USER, dimensions: ['endUser'] };
