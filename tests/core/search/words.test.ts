import { expect, test } from 'vitest';
import { foldWord, splitWords } from '../../../src/core/search/words.ts';

test.each([
  ['blanks', 'one two\tthree\nfour', ['one', 'two', 'three', 'four']],
  [
    'punctuation',
    'api-gateway, user@example.com/a_b',
    ['api', 'gateway', 'user', 'example', 'com', 'a', 'b'],
  ],
  ['punctuation beyond ASCII', 'a—b…«c»、d', ['a', 'b', 'c', 'd']],
  ['symbols', 'a+b€c😀d', ['a', 'b', 'c', 'd']],
  ['nothing between letters and digits', 'gpt4o 1e5x', ['gpt4o', '1e5x']],
  ['nothing at marks', 'e\u0301te\u0301 क्षि', ['e\u0301te\u0301', 'क्षि']],
  ['nothing in scripts without blanks', '日本語', ['日本語']],
  ['U+0000 and halves of surrogate pairs', 'a\0b\ud800c\udc00d', ['a', 'b', 'c', 'd']],
  ['nothing at emoji after Unicode 6.1', '🤖bot', ['🤖bot']],
  ['all of punctuation', '--- !?', []],
])('splits words at %s', (_, text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test.each([
  ['GateWay', 'gateway'],
  ['ÉTÉ', 'été'],
  ['ΛΟΓΟΣ', 'λογοσ'],
  ['λογος', 'λογοσ'],
  ['\u00b5s', '\u03bcs'],
  ['straße', 'straße'],
])('folds %j to %j', (word, folded) => {
  expect(foldWord(word)).toBe(folded);
});
