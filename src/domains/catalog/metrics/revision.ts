import { isDeepStrictEqual } from 'node:util';
import { metrics } from '../../../declarations/catalog/metrics.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';

/** The definition of a metric: JSON values by column. */
export type Definition = Readonly<Record<string, unknown>>;

/** One field of a definition that an update changes. */
export interface FieldChange {
  readonly field: string;
  readonly oldValue: unknown;
  readonly newValue: unknown;
}

/** The part of a recorded change that is needed to undo it. */
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
 * The fields that `wanted` changes, in declared order. A field with an equal value does not change;
 * the order of a list counts.
 */
export function changedFields(present: Definition, wanted: Definition): FieldChange[] {
  return definitionColumns
    .map(({ name }) => name)
    .filter((field) => field in wanted && !isDeepStrictEqual(present[field], wanted[field]))
    .map((field) => ({ field, oldValue: present[field], newValue: wanted[field] }));
}

/**
 * The definition at an earlier version: undoes every change that led to a later one. `changes` are
 * those of the metric, in any order, at most one per field and version.
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
