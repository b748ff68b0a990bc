import type { DatasetName } from '../../generated/graphql.ts';
import { param, setParams } from '../../state/location.ts';
import { type Condition, readWhere } from '../shared/conditions.ts';

/** The question of Explore. The URL stores it. */
export interface Question {
  readonly dataset: DatasetName;
  /** Named as in `timeseries`, such as "latencyMs.p95". */
  readonly measures: readonly string[];
  readonly groupBy: readonly string[];
  readonly where: readonly Condition[];
  readonly top: number;
  /** Whether to compare with the previous range. */
  readonly compare: boolean;
  readonly intervalMs: number | null;
}

const list = (name: string): string[] =>
  param(name)
    .value?.split(',')
    .filter((item) => item !== '') ?? [];

/** Reads only signals. */
export function question(): Question {
  const measures = list('measures');
  return {
    dataset: (param('dataset').value ?? 'llmCalls') as DatasetName,
    measures: measures.length === 0 ? ['count'] : measures,
    groupBy: list('by'),
    where: readWhere(param('where').value),
    top: Number(param('top').value ?? '7') || 7,
    compare: param('compare').value === '1',
    intervalMs: Number(param('interval').value) || null,
  };
}

/** Changes a part of the question, and so the URL. */
export function ask(change: Partial<Question>): void {
  const { dataset, measures, groupBy, where, top, compare, intervalMs } = change;
  setParams({
    ...(dataset !== undefined && { dataset }),
    ...(measures !== undefined && { measures: measures.join(',') || null }),
    ...(groupBy !== undefined && { by: groupBy.join(',') || null }),
    ...(where !== undefined && { where: where.length === 0 ? null : JSON.stringify(where) }),
    ...(top !== undefined && { top: String(top) }),
    ...(compare !== undefined && { compare: compare ? '1' : null }),
    ...(intervalMs !== undefined && { interval: intervalMs === null ? null : String(intervalMs) }),
  });
}
