import { defined } from '../defined.ts';
import { escapeHtml } from '../escape-html.ts';
import { findMatches, type SearchMatch } from './search-matches.ts';
import type { SearchQuery } from './search-query.ts';
import { findWords, type WordPosition } from './words.ts';

/** The most UTF-16 units that a snippet takes per word, separators included. */
const CHARACTERS_PER_WORD = 16;
/**
 * How many characters next to the first or last word of a snippet, such as a bracket, belong to it.
 */
const TOUCHING = 10;
const TOUCHING_START = new RegExp(`^\\S{0,${TOUCHING}}`, 'u');
const TOUCHING_END = new RegExp(`\\S{0,${TOUCHING}}$`, 'u');

/**
 * The part of a text that best shows why a query found it. The result is safe HTML: matches are in
 * `<mark>…</mark>`, the rest is escaped, `…` stands for omitted text. It shows the window with the
 * most different terms of the query, then the most matches, then the earliest. Takes linear time.
 *
 * @param words the size of the window, at least that of the longest phrase of the query
 * @returns null if the text has no match of a required term
 */
export function highlight(
  text: string,
  query: SearchQuery,
  { words = 24 }: { readonly words?: number } = {},
): string | null {
  const positions = [...findWords(text)];
  const matches = findMatches(text, positions, query.required);
  if (matches.length === 0) return null;
  const size = Math.max(words, ...query.required.map((term) => term.words.length));
  const best = bestSpan(matches, size);
  const window = shorten(
    positions,
    { window: widen(best, size, positions.length), core: best },
    size * CHARACTERS_PER_WORD,
  );
  const marks = matches.filter(({ first, last }) => first >= window.first && last <= window.last);
  return render({ text, positions }, window, merge(marks));
}

/** A range of words by their numbers in the text, both ends included. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** The best group of matches within `size` words, from its first word to its last. */
function bestSpan(matches: readonly SearchMatch[], size: number): Span {
  const counts = new Map<number, number>();
  const byEnd = matches.toSorted((a, b) => a.last - b.last);
  let best = { first: 0, last: 0, terms: 0, matches: 0 };
  // A match enters when the window reaches its last word. It leaves when the window leaves its
  // first word, in the order of first words.
  let left = 0;
  for (const [entered, match] of byEnd.entries()) {
    counts.set(match.term, (counts.get(match.term) ?? 0) + 1);
    for (; defined(matches[left]).first <= match.last - size; left++) {
      const { term } = defined(matches[left]);
      const count = (counts.get(term) ?? 0) - 1;
      if (count === 0) counts.delete(term);
      else counts.set(term, count);
    }
    const inside = entered + 1 - left;
    if (counts.size > best.terms || (counts.size === best.terms && inside > best.matches)) {
      const { first } = defined(matches[left]);
      best = { first, last: match.last, terms: counts.size, matches: inside };
    }
  }
  return best;
}

/** Widens a window to `size` words, evenly on both sides as far as the text allows. */
function widen({ first, last }: Span, size: number, count: number): Span {
  const spare = size - (last - first + 1);
  const start = Math.max(0, Math.min(first - Math.floor(spare / 2), count - size));
  return { first: start, last: Math.min(count, start + size) - 1 };
}

/**
 * Removes words from a window with too many characters: first those after the matches, then those
 * before them, then matches from the end.
 */
function shorten(
  positions: readonly WordPosition[],
  { window, core }: { readonly window: Span; readonly core: Span },
  characters: number,
): Span {
  let { first, last } = window;
  const isTooLong = () => defined(positions[last]).end - defined(positions[first]).start > characters;
  while (last > core.last && isTooLong()) last--;
  while (first < core.first && isTooLong()) first++;
  while (last > first && isTooLong()) last--;
  return { first, last };
}

/** Joins matches that share words. Takes them in the order of their first words. */
function merge(matches: readonly Span[]): Span[] {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of matches) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before.last) before.last = Math.max(before.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

function render(
  { text, positions }: { readonly text: string; readonly positions: readonly WordPosition[] },
  window: Span,
  marks: readonly Span[],
): string {
  const at = (word: number) => defined(positions[word]);
  const before = text.slice(positions[window.first - 1]?.end ?? 0, at(window.first).start);
  const behind = text.slice(at(window.last).end, positions[window.last + 1]?.start ?? text.length);
  const start = at(window.first).start - (TOUCHING_END.exec(before.slice(-2 * TOUCHING))?.[0].length ?? 0);
  const end = at(window.last).end + (TOUCHING_START.exec(behind)?.[0].length ?? 0);

  let html = /\S/.test(text.slice(0, start)) ? '…' : '';
  let done = start;
  for (const { first, last } of marks) {
    const stop = at(last).end;
    html += escapeHtml(text.slice(done, at(first).start));
    html += `<mark>${escapeHtml(text.slice(at(first).start, stop))}</mark>`;
    done = stop;
  }
  html += escapeHtml(text.slice(done, end));
  return /\S/.test(text.slice(end)) ? `${html}…` : html;
}
