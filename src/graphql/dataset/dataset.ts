import type { Dataset } from '../../core/dataset/dataset.ts';
import { addAnalyticsQuery } from './analytics.ts';
import { addListQuery } from './list.ts';
import { addLiveTail } from './live.ts';
import type { Parts } from './parts.ts';
import { addRecordMutation } from './record.ts';

/** Adds all that a dataset has alike with every other: type, list, analytics, record mutation, live tail. */
export function addDataset(parts: Parts, dataset: Dataset): void {
  addListQuery(parts, dataset);
  addAnalyticsQuery(parts, dataset);
  addRecordMutation(parts, dataset);
  addLiveTail(parts, dataset);
}
