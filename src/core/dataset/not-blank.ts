import type { ColumnOptions } from './column.ts';

/** Names of things and people: text that says something. */
export const NOT_BLANK: NonNullable<ColumnOptions['pattern']> = {
  matches: /\S/,
  wanted: 'contain more than white space',
};
