import type { Entry } from './entry.ts';
import { DATASETS, type Dataset } from './events.ts';
import { createPagedTexts, lengthOf, type PagedText } from './paged-texts.ts';

/** Events that were never under way, in the order of their calls. Their numbers follow each other. */
export interface FreshEvents {
  readonly length: number;
  /** The number of the oldest; if there is none, that of the next one to come. */
  readonly first: number;
  /** The number of the newest that was ever added; -1 before the first. */
  readonly newest: number;
  /** Returns its bytes. */
  push(dataset: Dataset, json: string): number;
  /** The bytes of the oldest. */
  nextSize(): number | undefined;
  /** The oldest, which leaves. Its text is kept until it is freed. */
  shift(): Entry | undefined;
  /** Forgets the oldest. Returns its bytes; undefined if there is none. */
  drop(): number | undefined;
  free(text: PagedText): void;
  clear(): void;
}

export function createFreshEvents(): FreshEvents {
  const texts = createPagedTexts();
  let added = 0;
  const first = () => added - texts.length;

  return {
    get length() {
      return texts.length;
    },
    get first() {
      return first();
    },
    get newest() {
      return added - 1;
    },
    push(dataset, json) {
      added++;
      return texts.push(DATASETS.indexOf(dataset), json);
    },
    nextSize() {
      const next = texts.peek();
      return next && lengthOf(next);
    },
    shift() {
      const sequence = first();
      const text = texts.shift();
      return text && { sequence, dataset: DATASETS[text.kind] as Dataset, text, firstTriedAt: null };
    },
    drop() {
      const text = texts.shift();
      if (text === undefined) return undefined;
      texts.free(text);
      return lengthOf(text);
    },
    free: texts.free,
    clear: texts.clear,
  };
}
