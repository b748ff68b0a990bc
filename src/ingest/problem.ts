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
 * Converts an input value (never null or undefined) to the value of a row, or returns what is wrong
 * with it. `now` is in epoch milliseconds.
 */
export type ColumnCheck = (value: unknown, now: number) => Exclude<ColumnValue, null> | Problem;

/** The most characters of a value that an error quotes. */
export const MAX_SHOWN_LENGTH = 60;

/** Describes what is wrong with the value of a column. Shows the value if it is given. */
export function problem(column: Column, code: Rejection['code'], wanted: string, value?: unknown): Problem {
  const shown = value === undefined ? '' : `, not ${show(value)}`;
  return { field: column.name, code, message: `${column.name} must ${wanted}${shown}.` };
}

/**
 * The value as JSON; undefined if it has none, or is nested too deeply for the stack: JSON.parse
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

/** The value as JSON, shortened for a quotation in an error message. */
export function show(value: unknown): string {
  // JSON has no infinity and would show null.
  const isPlain = typeof value === 'bigint' || typeof value === 'number';
  const text = isPlain ? String(value) : (toJsonText(value) ?? typeof value);
  return text.length > MAX_SHOWN_LENGTH ? `${firstCharacters(text, MAX_SHOWN_LENGTH)}…` : text;
}
