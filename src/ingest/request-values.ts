import { type Column, isAbsentText } from '../core/dataset/column.ts';
import { columnOf } from '../core/dataset/table.ts';
import { isObject } from '../core/is-object.ts';
import { type Fields, requestsOf } from './activity-requests.ts';
import { compileColumnCheck } from './column-check.ts';
import type { EventInput } from './ingest.ts';
import type { ColumnCheck } from './problem.ts';

/** A column that events inherit from requests, and the check of its values. */
interface InheritedColumn {
  readonly column: Column;
  readonly check: ColumnCheck;
}

/**
 * Gives events the values that they omit but their request has, in the columns that the dataset
 * inherits from requests. The request of an event is the one with its `requestId` in the same call.
 * An invalid value of a request is not inherited, so the event is not rejected for it.
 */
export function withRequestValues(inputs: readonly EventInput[], now: number): readonly EventInput[] {
  const requests = requestsOf(inputs);
  if (requests.size === 0) return inputs;
  return inputs.map(({ dataset, events }) => {
    const columns = (dataset.fromRequest ?? []).map((name): InheritedColumn => {
      const column = columnOf(dataset, name);
      return { column, check: compileColumnCheck(column) };
    });
    if (columns.length === 0) return { dataset, events };
    const complete = (event: unknown): unknown => {
      if (!isObject(event)) return event;
      const { requestId } = event;
      const request = typeof requestId === 'string' ? requests.get(requestId) : undefined;
      return request === undefined ? event : inherit(columns, event, request, now);
    };
    return { dataset, events: events.map(complete) };
  });
}

function inherit(columns: readonly InheritedColumn[], event: Fields, request: Fields, now: number): Fields {
  const inherited = columns.flatMap(({ column, check }) => {
    const value = request[column.name];
    if (!isAbsent(column, event[column.name]) || isAbsent(column, value)) return [];
    return typeof check(value, now) === 'object' ? [] : [[column.name, value]];
  });
  return inherited.length === 0 ? event : { ...event, ...Object.fromEntries(inherited) };
}

const isAbsent = (column: Column, value: unknown): boolean =>
  value === null || value === undefined || (value === '' && isAbsentText(column, value));
