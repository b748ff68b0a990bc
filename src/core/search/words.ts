import { defined } from '../defined.ts';
import { SEPARATORS } from './separators.ts';

/**
 * Letters that `toLowerCase` does not change but SQLite's tokenizer folds, such as the micro sign
 * and the final sigma.
 */
export const FOLDED_LETTERS: ReadonlyMap<string, string> = new Map([
  ['\u00b5', '\u03bc'],
  ['\u017f', 's'],
  ['\u0345', '\u03b9'],
  ['\u03c2', '\u03c3'],
  ['\u03d0', '\u03b2'],
  ['\u03d1', '\u03b8'],
  ['\u03d5', '\u03c6'],
  ['\u03d6', '\u03c0'],
  ['\u03f0', '\u03ba'],
  ['\u03f1', '\u03c1'],
  ['\u03f5', '\u03b5'],
  ['\u1e9b', '\u1e61'],
  ['\u1fbe', '\u03b9'],
]);

const toEscape = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`;

/**
 * U+0000, which PostgreSQL cannot store, and halves of surrogate pairs, which are not characters,
 * separate words as well.
 */
const SEPARATOR_CLASS = ([[0, 0], [0xd800, 0xdfff], ...SEPARATORS] as const)
  .map(([first, last]) => `${toEscape(first)}-${toEscape(last)}`)
  .join('');

const WORD = new RegExp(`[^${SEPARATOR_CLASS}]+`, 'gu');
const FOLDED = new RegExp(`[${[...FOLDED_LETTERS.keys()].join('')}]`, 'gu');

/** The position of a word in a text: `text.slice(start, end)`. */
export interface WordPosition {
  readonly start: number;
  readonly end: number;
}

/**
 * The words of a text in their order: maximal runs of characters that are not separators. Both
 * databases index exactly these words. Scripts without spaces, such as Chinese, are not divided: a
 * run is one word.
 */
export function* findWords(text: string): Generator<WordPosition> {
  for (const { 0: word, index } of text.matchAll(WORD)) yield { start: index, end: index + word.length };
}

export const splitWords = (text: string): string[] => text.match(WORD) ?? [];

/**
 * The form in which words are compared: lower case, with accents. It is the same on both databases,
 * except for capital letters that Unicode added after version 6.1 (Georgian capitals, Osage), which
 * SQLite does not fold.
 */
export function foldWord(word: string): string {
  return word.toLowerCase().replace(FOLDED, (letter) => defined(FOLDED_LETTERS.get(letter)));
}
