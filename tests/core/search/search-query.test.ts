import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidArgument } from '../../../src/core/errors.ts';
import { parseSearchQuery, type SearchTerm } from '../../../src/core/search/search-query.ts';
import { splitWords } from '../../../src/core/search/words.ts';

/**
 * A term in the notation of the tables: its words, separated by blanks, and a star at the end of a
 * prefix.
 */
const written = ({ words, prefix }: SearchTerm): string => words.join(' ') + (prefix ? '*' : '');

describe('parseSearchQuery', () => {
  test.each<[name: string, text: string, required: string[], excluded?: string[]]>([
    ['a word', 'gateway', ['gateway']],
    ['words', '  one\ttwo ', ['one', 'two']],
    ['a phrase', '"event bus" kafka', ['event bus', 'kafka']],
    ['an unclosed phrase', 'one "two three', ['one', 'two three']],
    ['a phrase that touches words', 'one"two three"four', ['one', 'two three', 'four']],
    ['an exclusion', 'one -two', ['one'], ['two']],
    ['an excluded phrase', '-"two three" one', ['one'], ['two three']],
    ['a minus on its own', 'one - two', ['one', 'two']],
    ['two minuses', 'one --two', ['one'], ['two']],
    ['a minus within a word', 'one-two', ['one two']],
    ['a prefix', 'gate*', ['gate*']],
    ['a prefix of a phrase', '"event b"*', ['event b*']],
    ['a prefix of a word with punctuation', 'event-b*', ['event b*']],
    ['an excluded prefix', 'one -tw*', ['one'], ['tw*']],
    ['a star within a word', 'ga*te', ['ga te']],
    ['a star that touches no word', 'event-* "event "*', ['event', 'event']],
    ['a star within quotes', '"event*"', ['event*']],
    ['a word with punctuation', 'user@example.com', ['user example com']],
    ['punctuation between words', 'one & !? "" two', ['one', 'two']],
    ['text with unchanged case', 'AND Or', ['AND', 'Or']],
  ])('accepts %s', (_, text, required, excluded = []) => {
    const query = parseSearchQuery(text, 'query');
    expect(query.required.map(written)).toEqual(required);
    expect(query.excluded.map(written)).toEqual(excluded);
  });

  test.each([
    ['nothing', '', /has nothing to search for/],
    ['blanks', ' \n', /has nothing to search for/],
    ['punctuation', '"--" * &', /has nothing to search for/],
    ['only exclusions', '-one -"two three"', /only excludes words; add at least one word/],
    ['201 characters', 'a'.repeat(201), /at most 200 characters/],
    ['21 terms', 'a -b '.repeat(11), /at most 20 words and phrases/],
    ['U+0000', 'a\0b', /U\+0000/],
    ['half a surrogate pair', 'a\ud83d', /surrogate/],
  ])('refuses %s', (_, text, message) => {
    const parse = () => parseSearchQuery(text, 'search.query');
    expect(parse).toThrow(InvalidArgument);
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ details: { argument: 'search.query' } }));
  });

  test('counts characters, not UTF-16 units', () => {
    expect(parseSearchQuery('𠀀'.repeat(200), 'query').required).toHaveLength(1);
  });

  test('loses no word and adds none', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'B', 'é', ' ', '"', '-', '*', '.', '🤖', '😀'),
          maxLength: 40,
        }),
        (text) => {
          fc.pre(splitWords(text).length > 0);
          let terms: SearchTerm[] = [];
          try {
            // The word before the text makes a query valid that otherwise only excludes.
            const query = parseSearchQuery(`x ${text}`, 'query');
            terms = [...query.required.slice(1), ...query.excluded];
          } catch (error) {
            expect(String(error)).toMatch(/at most 20/);
            return;
          }
          const words = terms.flatMap((term) => term.words);
          expect(words.toSorted()).toEqual(splitWords(text).toSorted());
        },
      ),
    );
  });
});
