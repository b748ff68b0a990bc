import { both, isOneOf } from '../core/build-filter.ts';
import type { Scalar } from '../core/filter.ts';
import { derivedId } from '../core/ids.ts';
import { isSought, partsOf } from './access-path.ts';
import type { ListScope } from './list-page.ts';

/**
 * Adds the ids of the rows if the filter names their natural keys. Ids are derived from these, and
 * each table has an index on the id, but not on the key.
 */
export function withKnownIds(scope: ListScope): ListScope {
  const { table, projectId, filter } = scope;
  const { naturalKey, name } = table;
  if (filter === null || naturalKey === undefined) return scope;
  const test = partsOf(filter).find((part) => isSought(part, naturalKey, true));
  if (test?.kind !== 'test') return scope;
  const keys: readonly Scalar[] = Array.isArray(test.value) ? test.value : [test.value];
  if (keys.length === 0) return scope;
  const ids = keys.map((key) => derivedId(projectId, name, String(key)));
  return { ...scope, filter: both(isOneOf('id', ids), filter) };
}
