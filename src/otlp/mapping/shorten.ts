import { firstCharacters } from '../../core/cut-text.ts';
import type { Column } from '../../core/dataset/column.ts';

type Event = Readonly<Record<string, unknown>>;

/** Cuts the texts of an event that are longer than their columns take. */
export type Shorten = (event: Event) => Event;

/**
 * Compiles it for a dataset: a sender should lose no event over a text that it can do without.
 * Texts that an event needs stay as they are: a model whose name is cut would be another one.
 */
export function compileShorten(columns: readonly Column[]): Shorten {
  const limits = columns.flatMap(({ name, kind, optional, maxLength, truncate }) =>
    kind === 'text' && optional && !truncate && maxLength !== undefined ? [{ name, maxLength }] : [],
  );
  return (event) => {
    const long = limits.flatMap(({ name, maxLength }) => {
      const value = event[name];
      return typeof value === 'string' && value.length > maxLength
        ? [[name, firstCharacters(value, maxLength)] as const]
        : [];
    });
    return long.length === 0 ? event : { ...event, ...Object.fromEntries(long) };
  };
}
