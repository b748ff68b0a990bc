import { type Column, isAbsentText } from '../core/dataset/column.ts';
import { columnOf } from '../core/dataset/table.ts';
import { type Fields, isFields, requestsOf } from './activity-requests.ts';
import { type ColumnCheck, compileColumnCheck } from './column-check.ts';
import type { EventInput } from './ingest.ts';

/** A column that is taken over, and what its values must be. */
interface TakenOver {
  readonly column: Column;
  readonly check: ColumnCheck;
}

/**
 * Gives events what they leave out and their request says, in the columns that their dataset takes
 * over from requests. Their request is the one of their `requestId`, sent in the same call. What is
 * wrong with a request is no fault of its events: they take over no value that would have them
 * refused.
 */
export function withRequestValues(inputs: readonly EventInput[], now: number): readonly EventInput[] {
  const requests = requestsOf(inputs);
  if (requests.size === 0) return inputs;
  return inputs.map(({ dataset, events }) => {
    const columns = (dataset.fromRequest ?? []).map((name): TakenOver => {
      const column = columnOf(dataset, name);
      return { column, check: compileColumnCheck(column) };
    });
    if (columns.length === 0) return { dataset, events };
    const complete = (event: unknown): unknown => {
      if (!isFields(event)) return event;
      const request = requests.get(event['requestId'] as string);
      return request === undefined ? event : takeOver(columns, event, request, now);
    };
    return { dataset, events: events.map(complete) };
  });
}

function takeOver(columns: readonly TakenOver[], event: Fields, request: Fields, now: number): Fields {
  const taken = columns.flatMap(({ column, check }) => {
    const value = request[column.name];
    if (!isAbsent(column, event[column.name]) || isAbsent(column, value)) return [];
    return typeof check(value, now) === 'object' ? [] : [[column.name, value]];
  });
  return taken.length === 0 ? event : { ...event, ...Object.fromEntries(taken) };
}

const isAbsent = (column: Column, value: unknown): boolean =>
  value === null || value === undefined || (value === '' && isAbsentText(column, value));
