import type { Entry } from './entry.ts';
import { DATASETS, type Dataset } from './events.ts';
import { createPagedTexts, lengthOf, type PagedText } from './paged-texts.ts';

/** Events that were never in progress, in call order. Their numbers are consecutive. */
export interface FreshEvents {
  readonly length: number;
  /** The number of the oldest; if there is none, that of the next one. */
  readonly first: number;
  /** The number of the newest event ever added; -1 before the first. */
  readonly newest: number;
  /** Returns the size in bytes. */
  push(dataset: Dataset, json: string): number;
  /** The size of the oldest in bytes. */
  nextSize(): number | undefined;
  /** Removes and returns the oldest. Its text is kept until it is freed. */
  shift(): Entry | undefined;
  /** Drops the oldest. Returns its size in bytes; undefined if there is none. */
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
