import type { ColumnValue } from '../core/dataset/column.ts';
import { toStoredNumber } from '../core/dataset/column.ts';
import type { CompletionServices, Dataset, Row } from '../core/dataset/dataset.ts';
import { derivedId, type IdSource } from '../core/ids.ts';
import { type ColumnCheck, compileColumnCheck, type Problem, show } from './column-check.ts';

/** What every event of one call has in common. */
export interface CallFacts {
  readonly projectId: string;
  /** The present in epoch milliseconds. */
  readonly now: number;
}

/** Turns an event as the client sent it into a row, or says what is wrong with it: the first problem found. */
export type EventCheck = (event: unknown, facts: CallFacts) => Row | Problem;

interface Field {
  readonly index: number;
  readonly check: ColumnCheck;
}

/** Whether an event passed. */
export const isRow = (result: Row | Problem): result is Row => Array.isArray(result);

/**
 * Compiles the check of a dataset's events from its declaration: a closure per column, so that an event costs about as
 * much as copying it.
 */
export function compileEventCheck(dataset: Dataset, ids: IdSource, services: CompletionServices): EventCheck {
  const { at, columns, complete } = dataset;
  const inputs = columns.filter((column) => column.source !== 'server');
  const fields = new Map<string, Field>(
    inputs.map((column) => [column.name, { index: column.index, check: compileColumnCheck(column) }]),
  );
  const required = inputs.filter(
    (column) => column.source === 'client' && !column.optional && column.default === undefined,
  );
  const template: Row = columns.map((column) => {
    if (column.default === undefined) return null;
    return typeof column.default === 'number' ? toStoredNumber(column, column.default) : column.default;
  });
  const setId = compileId(dataset, ids);
  const { projectId, timestamp, receivedAt } = at as Record<string, number>;

  return (event, facts) => {
    if (typeof event !== 'object' || event === null || Array.isArray(event)) return notAnObject(event);
    const row = template.slice();
    const wrong = fillIn(row, event as Record<string, unknown>, fields, facts.now);
    if (wrong !== null) return wrong;
    for (const column of required) {
      if (row[column.index] === null) {
        return {
          field: column.name,
          code: 'REQUIRED',
          message: `${column.name} is required: ${column.description}`,
        };
      }
    }
    row[projectId as number] = facts.projectId;
    row[receivedAt as number] = facts.now;
    row[timestamp as number] ??= facts.now;
    const unidentified = setId(row);
    if (unidentified !== null) return unidentified;
    complete?.(row, at, services);
    return row;
  };
}

function fillIn(
  row: Row,
  event: Readonly<Record<string, unknown>>,
  fields: ReadonlyMap<string, Field>,
  now: number,
): Problem | null {
  for (const name in event) {
    const field = fields.get(name);
    if (field === undefined) return unknownField(name, fields);
    const value = event[name];
    // Null is absent: a default or the server's own value stands in.
    if (value === null || value === undefined) continue;
    const checked = field.check(value, now);
    if (typeof checked === 'object') return checked;
    row[field.index] = checked;
  }
  return null;
}

/** Gives the row its id: the client's, a new one, or the one that follows from the natural key. */
function compileId(dataset: Dataset, ids: IdSource): (row: Row) => Problem | null {
  const id = dataset.at.id as number;
  const { naturalKey } = dataset;
  if (naturalKey === undefined) {
    return (row) => {
      row[id] ??= ids.next();
      return null;
    };
  }
  const project = dataset.at.projectId as number;
  const key = dataset.at[naturalKey] as number;
  return (row) => {
    const value = row[key] as ColumnValue;
    if (value === '') {
      const message = `${naturalKey} identifies the event and must not be empty.`;
      return { field: naturalKey, code: 'INVALID_VALUE', message };
    }
    row[id] = derivedId(row[project] as string, dataset.name, String(value));
    return null;
  };
}

function notAnObject(event: unknown): Problem {
  return {
    field: null,
    code: 'WRONG_TYPE',
    message: `An event is an object with fields, not ${show(event)}.`,
  };
}

function unknownField(name: string, fields: ReadonlyMap<string, Field>): Problem {
  const known = [...fields.keys()].join(', ');
  return {
    field: name,
    code: 'UNKNOWN_FIELD',
    message: `${show(name)} is no field of this event. There are: ${known}.`,
  };
}
