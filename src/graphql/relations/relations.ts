import type { Dataset } from '../../core/dataset/dataset.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { addRelationToFirst } from './relation-to-first.ts';
import { addRelationToOne } from './relation-to-one.ts';

const DEFAULT_RELATED = 100;

/**
 * Relates requests and their events by `requestId`, in both directions. There are no foreign keys,
 * because an event may arrive before its request. `requests` is the dataset whose natural key is
 * `requestId`.
 */
export function addRequestRelations(types: TypeRegistry, requests: Dataset): void {
  const belonging = types.datasets.filter((dataset) => dataset.belongsToRequest && dataset !== requests);
  for (const dataset of belonging) {
    addRelationToFirst(types, {
      from: requests,
      to: dataset,
      key: 'requestId',
      which: 'oldest',
      name: dataset.name,
      first: DEFAULT_RELATED,
      counted: 'number of items per request',
      description: `${dataset.name} of the request, oldest first.`,
    });
    addRelationToOne(types, {
      from: dataset,
      to: requests,
      key: 'requestId',
      description: 'The request that the event belongs to; null if it is not stored.',
    });
  }
}
