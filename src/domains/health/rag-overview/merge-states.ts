import { isObject } from '../../../core/is-object.ts';
import type { RagState } from './read-states.ts';

/** How often a pattern was found, over all services. */
export interface PatternCount {
  readonly pattern: string;
  readonly count: number;
}

const NAMES = ['pattern', 'name', 'query'] as const;
const COUNTS = ['count', 'hits', 'frequency'] as const;

/** The sum of a number over all services. */
export function sumOf(
  states: readonly RagState[],
  column: 'totalPatterns' | 'totalQueries' | 'queryVolumeLastHour',
): number {
  return states.reduce((sum, state) => sum + state[column], 0);
}

/**
 * The mean over the services that report the value, weighted by their queries. If none of them has
 * answered queries yet, the unweighted mean; null if none reports the value.
 */
export function meanOf(
  states: readonly RagState[],
  column: 'averageResponseTimeMs' | 'hitRate',
): number | null {
  const reported = states.flatMap(({ [column]: value, totalQueries }) =>
    value === null ? [] : [{ value, weight: totalQueries }],
  );
  if (reported.length === 0) return null;
  const queries = reported.reduce((sum, { weight }) => sum + weight, 0);
  const weighted = reported.reduce((sum, { value, weight }) => sum + value * (queries === 0 ? 1 : weight), 0);
  return weighted / (queries === 0 ? reported.length : queries);
}

/**
 * The patterns of all services with their counts added up, most frequent first. Values that are not
 * patterns are skipped.
 */
export function topPatternsOf(states: readonly RagState[], first: number): readonly PatternCount[] {
  const counts = new Map<string, number>();
  for (const { topPatterns } of states) {
    for (const { pattern, count } of readPatterns(topPatterns)) {
      counts.set(pattern, (counts.get(pattern) ?? 0) + count);
    }
  }
  return [...counts]
    .map(([pattern, count]) => ({ pattern, count }))
    .sort((one, other) => other.count - one.count || (one.pattern < other.pattern ? -1 : 1))
    .slice(0, first);
}

/** The last queries of each service as sent, starting with the service that reported last. */
export function recentQueriesOf(states: readonly RagState[], first: number): readonly unknown[] {
  const queries = states.flatMap(({ recentQueries }) => (Array.isArray(recentQueries) ? recentQueries : []));
  return queries.filter((query) => query !== null).slice(0, first);
}

/**
 * Clients send lists in the form of their pattern store: `{ pattern, count }` under various names,
 * or only names.
 */
function readPatterns(list: unknown): PatternCount[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    if (typeof item === 'string') return item === '' ? [] : [{ pattern: item, count: 1 }];
    if (!isObject(item)) return [];
    const pattern = NAMES.map((name) => item[name]).find((value) => value !== undefined);
    const count = COUNTS.map((name) => item[name]).find((value) => value !== undefined) ?? 1;
    if (typeof pattern !== 'string' || pattern === '') return [];
    if (typeof count !== 'number' || count < 0 || count > Number.MAX_SAFE_INTEGER) return [];
    return [{ pattern, count }];
  });
}
