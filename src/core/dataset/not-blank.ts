import type { ColumnOptions } from './column.ts';

/** For names of things and people: the text must not be blank. */
export const NOT_BLANK: NonNullable<ColumnOptions['pattern']> = {
  matches: /\S/,
  wanted: 'contain more than white space',
};
