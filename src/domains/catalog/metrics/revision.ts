import { isDeepStrictEqual } from 'node:util';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';

/** What a metric is defined by: JSON values by column. Its versions are states of this. */
export type Definition = Readonly<Record<string, unknown>>;

/** One field of a definition that an update changes. */
export interface FieldChange {
  readonly field: string;
  readonly oldValue: unknown;
  readonly newValue: unknown;
}

/** What is recorded of a change, as far as it takes to undo it. */
export type RecordedChange = Pick<FieldChange, 'field' | 'oldValue'> & { readonly version: number };

/** The columns that an update may change, in declared order. */
export const definitionColumns = inputColumns(metrics).filter(
  ({ name }) => name !== 'metricId' && name !== 'createdAt',
);

/** The definition in a row of the catalog. */
export function definitionOf(metric: Readonly<Record<string, unknown>>): Definition {
  return Object.fromEntries(definitionColumns.map(({ name }) => [name, metric[name] ?? null]));
}

/**
 * What `wanted` changes, in declared order. A field that is wanted as it is does not change; the
 * order of a list counts.
 */
export function changedFields(present: Definition, wanted: Definition): FieldChange[] {
  return definitionColumns
    .map(({ name }) => name)
    .filter((field) => field in wanted && !isDeepStrictEqual(present[field], wanted[field]))
    .map((field) => ({ field, oldValue: present[field], newValue: wanted[field] }));
}

/**
 * The definition as it was at an earlier version: every change that led to a later one is undone.
 * `changes` are those of the metric, in any order; one at most of a field in a version.
 */
export function stateAt(
  present: Definition,
  changes: readonly RecordedChange[],
  version: number,
): Definition {
  const later = changes.filter((change) => change.version > version);
  later.sort((one, other) => other.version - one.version);
  const state: Record<string, unknown> = { ...present };
  for (const { field, oldValue } of later) state[field] = oldValue ?? null;
  return state;
}
