import { firstCharacters } from '../core/cut-text.ts';
import type { Column, ColumnValue } from '../core/dataset/column.ts';
import type { Rejection } from './ingest.ts';

/** What is wrong with an event. The caller adds the event's position. */
export interface Problem {
  readonly field: string | null;
  readonly code: Rejection['code'];
  readonly message: string;
}

/**
 * Turns an input value (never null or undefined) into the value of a row, or says what is wrong
 * with it. `now` is the present in epoch milliseconds.
 */
export type ColumnCheck = (value: unknown, now: number) => Exclude<ColumnValue, null> | Problem;

/** The most characters of a value that an error quotes. */
export const MAX_SHOWN_LENGTH = 60;

/** What is wrong with the value of a column. The value is shown if given. */
export function problem(column: Column, code: Rejection['code'], wanted: string, value?: unknown): Problem {
  const shown = value === undefined ? '' : `, not ${show(value)}`;
  return { field: column.name, code, message: `${column.name} must ${wanted}${shown}.` };
}

/**
 * The value as JSON; undefined if it has none, or is nested deeper than the stack: JSON.parse
 * accepts such text, but JSON.stringify throws.
 */
export function toJsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The value as JSON, shortened because the error message quotes it. */
export function show(value: unknown): string {
  // JSON has no infinity, which would be shown as null.
  const isPlain = typeof value === 'bigint' || typeof value === 'number';
  const text = isPlain ? String(value) : (toJsonText(value) ?? typeof value);
  return text.length > MAX_SHOWN_LENGTH ? `${firstCharacters(text, MAX_SHOWN_LENGTH)}…` : text;
}
