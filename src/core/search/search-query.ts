import { InvalidArgument } from '../errors.ts';
import { splitWords } from './words.ts';

/** Consecutive words as they were typed. Usually there is one; `api-gateway` has two. */
export interface SearchTerm {
  /** At least one. */
  readonly words: readonly string[];
  /** The last word is a prefix: `gate*` finds gateway. */
  readonly prefix: boolean;
}

/**
 * What a row must contain in some searched column, and what it must not contain. All words of a
 * phrase must be in one column.
 */
export interface SearchQuery {
  /** All of them must match. There is at least one. */
  readonly required: readonly SearchTerm[];
  /** None of them may match. */
  readonly excluded: readonly SearchTerm[];
}

/**
 * The words of a term in each Unicode form: é is one character (NFC) or two (NFD), and texts use
 * either. The index holds the text as sent, so a search asks for all forms. The first form is the
 * one that was typed.
 */
export function formsOf({ words }: SearchTerm): readonly (readonly string[])[] {
  const typed = words.join(' ');
  const forms = new Set([typed, typed.normalize('NFC'), typed.normalize('NFD')]);
  return [...forms].map(splitWords);
}

const MAX_CHARACTERS = 200;
const MAX_TERMS = 20;

/**
 * An optional minus, which excludes the term. Then either a run of characters without blanks and
 * quotes, or text in quotes, whose closing quote may be missing, with an optional star.
 */
const TERM = /(?<minus>-?)(?:"(?<quoted>[^"]*)(?:"|$)(?<star>\*?)|(?<plain>[^\s"]+))/gu;

/**
 * Reads a query as people type it into a search box: words, `"quoted phrases"`, `-excluded` words
 * and phrases, and `prefix*`. A word with punctuation in it, such as `api-gateway` or
 * `user@example.com`, is the phrase of its parts; punctuation alone is ignored.
 *
 * @throws InvalidArgument at `argument` for a query that has no term or only excluded ones, has
 *   more than 200 characters or 20 terms, or contains U+0000 or half a surrogate pair.
 */
export function parseSearchQuery(text: string, argument: string): SearchQuery {
  checkText(text, argument);
  const required: SearchTerm[] = [];
  const excluded: SearchTerm[] = [];
  for (const { groups = {} } of text.matchAll(TERM)) {
    const written = groups['plain'] ?? `${groups['quoted']}${groups['star']}`;
    const words = splitWords(written);
    const last = words.at(-1);
    if (last === undefined) continue;
    (groups['minus'] === '-' ? excluded : required).push({ words, prefix: written.endsWith(`${last}*`) });
  }
  checkTerms(required, excluded, argument);
  return { required, excluded };
}

function checkText(text: string, argument: string): void {
  if (/[\0\p{Surrogate}]/u.test(text)) {
    throw new InvalidArgument(
      `${argument} takes text without the character U+0000 and without halves of surrogate pairs.`,
      argument,
    );
  }
  if ([...text].length > MAX_CHARACTERS) {
    throw new InvalidArgument(`${argument} takes at most ${MAX_CHARACTERS} characters.`, argument);
  }
}

function checkTerms(
  required: readonly SearchTerm[],
  excluded: readonly SearchTerm[],
  argument: string,
): void {
  if (required.length + excluded.length > MAX_TERMS) {
    throw new InvalidArgument(`${argument} takes at most ${MAX_TERMS} words and phrases.`, argument);
  }
  if (required.length > 0) return;
  const fault = excluded.length > 0 ? 'only excludes words' : 'has nothing to search for';
  throw new InvalidArgument(`${argument} ${fault}; add at least one word or phrase to find.`, argument);
}
