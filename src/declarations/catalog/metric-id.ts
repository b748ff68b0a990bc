import type { ColumnOptions } from '../../core/dataset/column.ts';
import { slug } from '../../core/dataset/slug.ts';

/** The id of a metric in the catalog, readable and chosen by its author. */
export const metricId = (options: Pick<ColumnOptions, 'description' | 'sortable'>) =>
  slug('revenue_total', options);
