import { cutText } from '../core/cut-text.ts';

/** A list that an answer shows only in part. */
export interface CutList {
  /** The path to it, such as `llmCalls.edges` or `series[].points`. */
  readonly path: string;
  readonly kept: number;
  /** The number of items in the longest list of this path. */
  readonly of: number;
}

export interface Fitted {
  readonly value: unknown;
  readonly lists: readonly CutList[];
  /** How many texts were truncated. */
  readonly texts: number;
}

interface Limits {
  readonly items: number;
  readonly characters: number;
}

/** Tried in this order. The first ones cut what is longest and least missed. */
const LIMITS: readonly Limits[] = [
  { items: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY },
  { items: Number.POSITIVE_INFINITY, characters: 2_000 },
  { items: 200, characters: 1_000 },
  { items: 100, characters: 1_000 },
  { items: 50, characters: 1_000 },
  { items: 20, characters: 500 },
  { items: 10, characters: 500 },
  { items: 5, characters: 300 },
  { items: 3, characters: 300 },
  { items: 1, characters: 200 },
];

/**
 * Cuts an answer to fit into `most` characters of JSON: limits the items of all lists and the
 * characters of all texts. Reads only as much of a long answer as needed. Null if its structure
 * alone is too large.
 */
export function cutToFit(value: unknown, most: number): Fitted | null {
  const limits = LIMITS.find((candidate) => isWithin(value, candidate, most));
  return limits === undefined ? null : cut(value, limits);
}

function isWithin(value: unknown, { items, characters }: Limits, most: number): boolean {
  let left = most;
  const visit = (part: unknown): void => {
    if (left < 0) return;
    if (typeof part === 'string') {
      const shown = cutText(part, characters);
      left -= shown.length > left ? shown.length : JSON.stringify(shown).length;
    } else if (Array.isArray(part)) {
      left -= 2;
      for (let index = 0; index < Math.min(part.length, items) && left >= 0; index++) {
        left -= 1;
        visit(part[index]);
      }
    } else if (typeof part === 'object' && part !== null) {
      left -= 2;
      for (const [name, inner] of Object.entries(part)) {
        left -= JSON.stringify(name).length + 2;
        visit(inner);
      }
    } else {
      left -= JSON.stringify(part)?.length ?? 4;
    }
  };
  visit(value);
  return left >= 0;
}

function cut(value: unknown, { items, characters }: Limits): Fitted {
  const lists = new Map<string, CutList>();
  let texts = 0;
  const visit = (part: unknown, path: string): unknown => {
    if (typeof part === 'string') {
      if (part.length > characters) texts++;
      return cutText(part, characters);
    }
    if (Array.isArray(part)) {
      if (part.length > items)
        lists.set(path, { path, kept: items, of: Math.max(part.length, lists.get(path)?.of ?? 0) });
      return part.slice(0, items).map((item) => visit(item, `${path}[]`));
    }
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => [
        name,
        visit(inner, path === '' ? name : `${path}.${name}`),
      ]),
    );
  };
  return { value: visit(value, ''), lists: [...lists.values()], texts };
}
