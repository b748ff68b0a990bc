import type { Clock } from '../core/clock.ts';
import { type ColumnValue, isAbsentText } from '../core/dataset/column.ts';
import type { CompletionServices, Row } from '../core/dataset/dataset.ts';
import type { RecordTable } from '../core/dataset/record.ts';
import { columnOf } from '../core/dataset/table.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import { compileColumnCheck, type Problem } from './column-check.ts';
import { compileEventCheck, type EventCheck, isRow } from './event-check.ts';

/** An input of a record mutation: the columns that the client gave, by name. */
export type RecordInput = Readonly<Record<string, unknown>>;

/** Checks the inputs of record mutations as the write path checks events. */
export interface RecordChecks {
  /**
   * The row of a new record: checked, its defaults, id and times filled in.
   *
   * @throws InvalidArgument at `input.<field>`.
   */
  toRow(record: RecordTable, projectId: string, input: RecordInput): Row;
  /**
   * The stored values of the columns that are given, by name: what a change of a record sets. Null and empty text clear an
   * optional column.
   *
   * @throws InvalidArgument at `input.<field>`.
   */
  toChanges(record: RecordTable, input: RecordInput): Readonly<Record<string, ColumnValue>>;
}

export interface RecordChecksOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly completion: CompletionServices;
}

export function createRecordChecks({ clock, ids, completion }: RecordChecksOptions): RecordChecks {
  const compiled = new Map<RecordTable, EventCheck>();

  return {
    toRow(record, projectId, input) {
      const check = compiled.get(record) ?? compileEventCheck(record, ids, completion);
      compiled.set(record, check);
      const result = check(input, { projectId, now: clock.now() });
      if (isRow(result)) return result;
      throw invalid(result);
    },
    toChanges(record, input) {
      const given = Object.entries(input).filter(([, value]) => value !== undefined);
      return Object.fromEntries(
        given.map(([name, value]) => [name, changedValue(record, name, value, clock.now())]),
      );
    },
  };
}

function changedValue(record: RecordTable, name: string, value: unknown, now: number): ColumnValue {
  const column = columnOf(record, name);
  if (value === null || isAbsentText(column, value)) {
    if (column.optional) return null;
    if (column.default !== undefined) return column.default;
    throw new InvalidArgument(`${name} cannot be cleared: give a value, or leave it out.`, `input.${name}`);
  }
  const checked = compileColumnCheck(column)(value, now);
  if (typeof checked === 'object') throw invalid(checked);
  return checked;
}

const invalid = ({ field, message }: Problem): InvalidArgument =>
  new InvalidArgument(message, field === null ? 'input' : `input.${field}`);
