import { type Filter, matches, type Scalar } from '../../../src/core/filter.ts';
import type { FilterFieldKind } from '../../../src/core/filter-value.ts';
import { normalizeFilter } from '../../../src/core/normalize-filter.ts';

/** Values of fields; omitted ones are absent. */
export type Row = Record<string, Scalar | undefined>;

const KINDS = new Map<string, FilterFieldKind>(
  Object.entries({
    model: 'text',
    provider: 'text',
    status: 'enum',
    id: 'uuid',
    latencyMs: 'number',
    cost: 'money',
    success: 'boolean',
    timestamp: 'timestamp',
    tags: 'texts',
    attributes: 'attribute',
  }),
);
const known = (field: string): FilterFieldKind | undefined => KINDS.get(field);
export const normalize = (input: unknown): Filter | null => normalizeFilter(input, known);

export function passes(filter: Filter | null, row: Row): boolean {
  return filter === null || matches(filter, (field) => row[field]);
}
