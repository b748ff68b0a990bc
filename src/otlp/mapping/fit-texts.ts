import { firstCharacters } from '../../core/cut-text.ts';
import type { Column } from '../../core/dataset/column.ts';

type Event = Readonly<Record<string, unknown>>;

/** Changes the texts of an event that their columns do not take. */
export type Fit = (event: Event) => Event;

/**
 * Compiles it for a dataset: a sender should lose no event over a text that it can do without.
 * Texts that are too long are cut, and U+0000, which no database stores as text, becomes U+FFFD.
 * Texts that an event needs stay as they are: a model whose name is changed would be another one.
 */
export function compileFit(columns: readonly Column[]): Fit {
  const texts = columns.flatMap(({ name, kind, optional, maxLength, truncate }) =>
    kind === 'text' && optional
      ? [{ name, maxLength: truncate ? Number.POSITIVE_INFINITY : (maxLength ?? Number.POSITIVE_INFINITY) }]
      : [],
  );
  return (event) => {
    let fitting: Record<string, unknown> | null = null;
    for (const { name, maxLength } of texts) {
      const value = event[name];
      if (typeof value !== 'string') continue;
      const fit = fitText(value, maxLength);
      if (fit === value) continue;
      fitting ??= { ...event };
      fitting[name] = fit;
    }
    return fitting ?? event;
  };
}

function fitText(text: string, maxLength: number): string {
  const short = text.length > maxLength ? firstCharacters(text, maxLength) : text;
  return short.includes('\0') ? short.replaceAll('\0', '\ufffd') : short;
}
