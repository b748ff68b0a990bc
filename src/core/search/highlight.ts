import { findMatches, type SearchMatch } from './search-matches.ts';
import type { SearchQuery } from './search-query.ts';
import { findWords, type WordPosition } from './words.ts';

/**
 * A snippet takes at most this many UTF-16 units per word, however long the words and what
 * separates them.
 */
const CHARACTERS_PER_WORD = 16;
/**
 * Punctuation that touches the first or last word of a snippet, such as a bracket, belongs to it.
 */
const TOUCHING = 10;
const TOUCHING_START = new RegExp(`^\\S{0,${TOUCHING}}`, 'u');
const TOUCHING_END = new RegExp(`\\S{0,${TOUCHING}}$`, 'u');

/**
 * The part of a text that shows best why a query found it, as HTML to be put into a page as it is:
 * matches in `<mark>…</mark>`, the rest escaped, `…` where text was left out. It is the window with
 * the most different terms of the query, then with the most matches, then the earliest. Takes time
 * in proportion to the text.
 *
 * @param options.words the size of the window; the longest phrase of the query widens it
 * @returns null when the text has no match of a required term
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
  const window = shorten(positions, widen(best, size, positions.length), best, size * CHARACTERS_PER_WORD);
  const marks = matches.filter(({ first, last }) => first >= window.first && last <= window.last);
  return render(text, positions, window, merge(marks));
}

/** Words by their number in the text, both ends included. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** From the first to the last of the matches that stand best together in `size` words. */
function bestSpan(matches: readonly SearchMatch[], size: number): Span {
  const counts = new Map<number, number>();
  const byEnd = matches.toSorted((a, b) => a.last - b.last);
  let best = { first: 0, last: 0, terms: 0, matches: 0 };
  // A match enters when the window reaches its last word, and leaves, in the order of first words,
  // when the window leaves that.
  let left = 0;
  for (const [entered, match] of byEnd.entries()) {
    counts.set(match.term, (counts.get(match.term) ?? 0) + 1);
    for (; (matches[left] as SearchMatch).first <= match.last - size; left++) {
      const { term } = matches[left] as SearchMatch;
      const count = (counts.get(term) ?? 0) - 1;
      if (count === 0) counts.delete(term);
      else counts.set(term, count);
    }
    const inside = entered + 1 - left;
    if (counts.size > best.terms || (counts.size === best.terms && inside > best.matches)) {
      const { first } = matches[left] as SearchMatch;
      best = { first, last: match.last, terms: counts.size, matches: inside };
    }
  }
  return best;
}

/** Fills a window up with the words around, as many before as behind where the text has them. */
function widen({ first, last }: Span, size: number, count: number): Span {
  const spare = size - (last - first + 1);
  const start = Math.max(0, Math.min(first - Math.floor(spare / 2), count - size));
  return { first: start, last: Math.min(count, start + size) - 1 };
}

/**
 * Takes words off a window of too many characters: those behind the matches, then those before,
 * then matches from the end.
 */
function shorten(positions: readonly WordPosition[], window: Span, core: Span, characters: number): Span {
  let { first, last } = window;
  const isTooLong = () =>
    (positions[last] as WordPosition).end - (positions[first] as WordPosition).start > characters;
  while (last > core.last && isTooLong()) last--;
  while (first < core.first && isTooLong()) first++;
  while (last > first && isTooLong()) last--;
  return { first, last };
}

/** Matches that share words become one; the matches are in the order of their first words. */
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
  text: string,
  positions: readonly WordPosition[],
  window: Span,
  marks: readonly Span[],
): string {
  const at = (word: number) => positions[word] as WordPosition;
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

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
