import { type ColumnOptions, type ColumnType, text } from './column.ts';

/** The form of an id that people choose and read. */
const SLUG = /^[a-z0-9][a-z0-9_.-]*$/;

/**
 * The readable id of a state, chosen by its author, of at most 100 characters. The error message
 * shows `example`.
 */
export const slug = (
  example: string,
  options: Pick<ColumnOptions, 'description' | 'sortable'>,
): ColumnType<'text', 'attribute', false, 'client'> =>
  text({
    ...options,
    verbatim: true,
    maxLength: 100,
    pattern: {
      matches: SLUG,
      wanted:
        `be a slug such as "${example}": lower-case letters, digits, "_", "-" and ".", starting ` +
        'with a letter or a digit',
    },
  });
