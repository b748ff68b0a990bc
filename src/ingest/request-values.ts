import { type Column, isAbsentText } from '../core/dataset/column.ts';
import { columnOf } from '../core/dataset/table.ts';
import { type Fields, isFields, requestsOf } from './activity-requests.ts';
import type { EventInput } from './ingest.ts';

/**
 * Gives events what they leave out and their request says, in the columns that their dataset takes over from requests. Their
 * request is the one of their `requestId`, sent in the same call.
 */
export function withRequestValues(inputs: readonly EventInput[]): readonly EventInput[] {
  const requests = requestsOf(inputs);
  if (requests.size === 0) return inputs;
  return inputs.map(({ dataset, events }) => {
    const columns = (dataset.fromRequest ?? []).map((name) => columnOf(dataset, name));
    if (columns.length === 0) return { dataset, events };
    const complete = (event: unknown): unknown => {
      if (!isFields(event)) return event;
      const request = requests.get(event['requestId'] as string);
      return request === undefined ? event : takeOver(columns, event, request);
    };
    return { dataset, events: events.map(complete) };
  });
}

function takeOver(columns: readonly Column[], event: Fields, request: Fields): Fields {
  const missing = columns.filter(
    (column) => isAbsent(column, event[column.name]) && !isAbsent(column, request[column.name]),
  );
  if (missing.length === 0) return event;
  return { ...event, ...Object.fromEntries(missing.map(({ name }) => [name, request[name]])) };
}

const isAbsent = (column: Column, value: unknown): boolean =>
  value === null || value === undefined || (value === '' && isAbsentText(column, value));
