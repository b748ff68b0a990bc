import { formsOf, type SearchTerm } from './search-query.ts';
import { foldWord, type WordPosition } from './words.ts';

/** A match of a term in a text: numbers of its first and last word, both included. */
export interface SearchMatch {
  /** The index of the term in the list of terms. */
  readonly term: number;
  readonly first: number;
  readonly last: number;
}

/** All matches of the terms, overlapping ones included, in the order of their first words. */
export function findMatches(
  text: string,
  positions: readonly WordPosition[],
  terms: readonly SearchTerm[],
): SearchMatch[] {
  const folded = foldAll(text, positions);
  const wanted = terms.flatMap((written, term) =>
    formsOf(written).map((words) => ({ term, words: words.map(foldWord), prefix: written.prefix })),
  );
  const matches: SearchMatch[] = [];
  for (let first = 0; first < positions.length; first++) {
    for (const form of wanted) {
      if (standsAt(folded, first, form))
        matches.push({ term: form.term, first, last: first + form.words.length - 1 });
    }
  }
  return matches;
}

/** Words within a text, in the form in which they are compared. */
interface FoldedWords {
  readonly text: string;
  readonly positions: readonly WordPosition[];
}

/**
 * Folds a text as a whole, which is much faster than word by word. If that moves its characters
 * (the lower case of a few is longer), the words are folded one by one.
 */
function foldAll(text: string, positions: readonly WordPosition[]): FoldedWords {
  const folded = foldWord(text);
  if (folded.length === text.length) return { text: folded, positions };
  let words = '';
  const moved = positions.map(({ start, end }) => {
    const from = words.length;
    words += foldWord(text.slice(start, end));
    return { start: from, end: words.length };
  });
  return { text: words, positions: moved };
}

interface FoldedForm {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

function standsAt({ text, positions }: FoldedWords, first: number, { words, prefix }: FoldedForm): boolean {
  const end = words.length - 1;
  return words.every((word, index) => {
    const position = positions[first + index];
    if (position === undefined) return false;
    const length = position.end - position.start;
    const fits = prefix && index === end ? length >= word.length : length === word.length;
    return fits && text.startsWith(word, position.start);
  });
}
