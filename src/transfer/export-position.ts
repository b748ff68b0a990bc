import { InvalidArgument } from '../core/errors.ts';
import { isUuid, normalizeUuid } from '../core/ids.ts';
import { parseTimestamp } from '../core/time/parse-timestamp.ts';

/** The position of an event in an export. Exports are sorted by time, then by id. */
export interface ExportPosition {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly id: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Writes a position as the `timestamp` and the `id` of its event, joined by a comma. So anybody who
 * has a line of an export can make the cursor that continues after it.
 */
export const writePosition = ({ timestamp, id }: ExportPosition): string =>
  `${new Date(timestamp).toISOString()},${id}`;

/** @throws InvalidArgument at the argument if the text is not a valid cursor */
export function readPosition(text: string, argument: string): ExportPosition {
  const [time = '', id = '', ...more] = text.split(',');
  const timestamp = parseTimestamp(time);
  if (Number.isNaN(timestamp) || !isUuid(id) || more.length > 0) {
    throw new InvalidArgument(
      `"${text.slice(0, 100)}" is not a cursor: use the timestamp and the id of the last event ` +
        'that you have, such as 2026-05-04T03:02:01.500Z,0198c1a0-5a5e-7cc3-9e0c-6a2d1f0b7e11.',
      argument,
    );
  }
  return { timestamp, id: normalizeUuid(id) };
}

/**
 * Epoch milliseconds of a time with an offset, or of the UTC midnight at which a date begins.
 *
 * @throws InvalidArgument at the argument if the text is neither
 */
export function readInstant(text: string, argument: string): number {
  const instant = parseTimestamp(DATE.test(text) ? `${text}T00:00Z` : text);
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidArgument(
    `"${text.slice(0, 100)}" is not a time, such as 2026-05-04T03:02:01Z or 2026-05-04.`,
    argument,
  );
}
