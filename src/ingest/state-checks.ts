import type { Clock } from '../core/clock.ts';
import { type ColumnValue, isAbsentText } from '../core/dataset/column.ts';
import type { Row } from '../core/dataset/row.ts';
import type { StateTable } from '../core/dataset/state.ts';
import { columnOf } from '../core/dataset/table.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import { compileColumnCheck } from './column-check.ts';
import type { Problem } from './problem.ts';
import { compileRowCheck, isRow, type RowCheck } from './row-check.ts';

/** An input of a state mutation: the columns that the client gave, by name. */
export type StateInput = Readonly<Record<string, unknown>>;

/** Checks the inputs of state mutations as the write path checks events. */
export interface StateChecks {
  /**
   * The row of a new state: checked, with its defaults, id and times.
   *
   * @throws InvalidArgument at `input.<field>`.
   */
  toRow(state: StateTable, projectId: string, input: StateInput): Row;
  /**
   * The stored values of the given columns, by name, for a change of a state. Null and empty text
   * clear an optional column.
   */
  toChanges(state: StateTable, input: StateInput): Readonly<Record<string, ColumnValue>>;
}

export interface StateChecksOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** What the `complete` of the states may use. */
  readonly completion: object;
}

export function createStateChecks({ clock, ids, completion }: StateChecksOptions): StateChecks {
  const compiled = new Map<StateTable, RowCheck>();

  return {
    toRow(state, projectId, input) {
      const check = compiled.get(state) ?? compileRowCheck(state, { ids, services: completion });
      compiled.set(state, check);
      // States have no IP addresses (`defineState`).
      const result = check(input, { projectId, now: clock.now(), ipAddresses: 'FULL' });
      if (isRow(result)) return result;
      throw invalid(result);
    },
    toChanges(state, input) {
      const given = Object.entries(input).filter(([, value]) => value !== undefined);
      return Object.fromEntries(
        given.map(([name, value]) => [name, changedValue(state, name, value, clock.now())]),
      );
    },
  };
}

function changedValue(state: StateTable, name: string, value: unknown, now: number): ColumnValue {
  const column = columnOf(state, name);
  if (value === null || isAbsentText(column, value)) {
    if (column.optional) return null;
    if (column.default !== undefined) return column.default;
    throw new InvalidArgument(`${name} cannot be cleared: give a value, or omit it.`, `input.${name}`);
  }
  const checked = compileColumnCheck(column)(value, now);
  if (typeof checked === 'object') throw invalid(checked);
  return checked;
}

const invalid = ({ field, message }: Problem): InvalidArgument =>
  new InvalidArgument(message, field === null ? 'input' : `input.${field}`);
