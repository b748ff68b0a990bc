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
  const folded = positions.map(({ start, end }) => foldWord(text.slice(start, end)));
  const wanted = terms.flatMap((written, term) =>
    formsOf(written).map((words) => ({ term, words: words.map(foldWord), prefix: written.prefix })),
  );
  const matches: SearchMatch[] = [];
  for (let first = 0; first < folded.length; first++) {
    for (const form of wanted) {
      if (standsAt(folded, first, form))
        matches.push({ term: form.term, first, last: first + form.words.length - 1 });
    }
  }
  return matches;
}

function standsAt(
  folded: readonly string[],
  first: number,
  { words, prefix }: { readonly words: readonly string[]; readonly prefix: boolean },
): boolean {
  const end = words.length - 1;
  return words.every((word, index) => {
    const actual = folded[first + index];
    return prefix && index === end ? actual?.startsWith(word) === true : actual === word;
  });
}
