import { type ColumnOptions, type ColumnType, text } from '../../core/dataset/column.ts';

/** What the id of a metric looks like. */
const SLUG = /^[a-z0-9][a-z0-9_.-]*$/;

/** The id of a metric in the catalog, readable and chosen by its author. */
export const metricId = (options: Pick<ColumnOptions, 'description' | 'sortable'>): ColumnType =>
  text({
    ...options,
    maxLength: 100,
    pattern: {
      matches: SLUG,
      wanted:
        'be a slug such as "revenue_total": small letters, digits, "_", "-" and ".", the first a letter or a digit',
    },
  });
