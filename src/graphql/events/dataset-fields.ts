import type { Dataset } from '../../core/dataset/dataset.ts';
import { addAnalyticsQuery } from '../analytics/analytics.ts';
import { addListQuery } from '../lists/list.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { addLiveTail } from './live-tail.ts';
import { addRecordMutation } from './record-mutations.ts';

/** Adds what every dataset has: type, list, analytics, record mutation, live tail. */
export function addDataset(types: TypeRegistry, dataset: Dataset): void {
  addListQuery(types, dataset);
  addAnalyticsQuery(types, dataset);
  addRecordMutation(types, dataset);
  addLiveTail(types, dataset);
}
