import { firstCharacters } from '../../core/cut-text.ts';
import type { Column } from '../../core/dataset/column.ts';

type Event = Readonly<Record<string, unknown>>;

/** Changes texts of an event that their columns do not accept. */
export type Fit = (event: Event) => Event;

/**
 * Compiles it for a dataset, so that a sender loses no event because of an unimportant text. Texts
 * that are too long are cut, and U+0000, which no database stores as text, becomes U+FFFD.
 * Essential texts stay as they are: a model with a changed name would be a different model.
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
