import type { Companion } from '../core/dataset/companion.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import { positionOf } from '../core/dataset/table.ts';
import { isObject } from '../core/is-object.ts';
import type { Problem } from './problem.ts';
import { type CallFacts, compileRowCheck, isRow, type RowCheck, type RowCheckOptions } from './row-check.ts';

/** A valid event, and the state that it carries; null if it carries none. */
export interface CheckedEvent {
  readonly row: Row;
  readonly brought: Row | null;
}

/** Like `RowCheck`, for a dataset whose events may carry a state. */
export type CompanionCheck = (event: unknown, facts: CallFacts) => CheckedEvent | Problem;

/**
 * Compiles the check of events that may carry a state. Both must be valid, or the event is
 * rejected.
 */
export function compileCompanionCheck(
  dataset: Dataset & { readonly companion: Companion },
  checkEvent: RowCheck,
  options: Pick<RowCheckOptions, 'ids' | 'services'>,
): CompanionCheck {
  const { field, state, inherits } = dataset.companion;
  const inherited = Object.fromEntries(
    Object.entries(inherits).map(([name, from]) => [name, positionOf(dataset, from)]),
  );
  const checkState = compileRowCheck(state, { ...options, inherited });
  return (event, facts) => {
    const { own, input } = split(event, field);
    const row = checkEvent(own, facts);
    if (!isRow(row)) return row;
    if (input == null) return { row, brought: null };
    const brought = checkState(input, facts, row);
    if (isRow(brought)) return { row, brought };
    const path = brought.field === null ? field : `${field}.${brought.field}`;
    return { ...brought, field: path, message: `${field}: ${brought.message}` };
  };
}

/** Separates the event from the state that it carries. */
function split(event: unknown, field: string): { readonly own: unknown; readonly input: unknown } {
  if (!isObject(event) || !Object.hasOwn(event, field)) {
    return { own: event, input: null };
  }
  const { [field]: input, ...own } = event;
  return { own, input };
}
