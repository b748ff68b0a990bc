import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highlight } from '../../../src/core/search/highlight.ts';
import { parseSearchQuery } from '../../../src/core/search/search-query.ts';
import { foldWord, splitWords } from '../../../src/core/search/words.ts';

const mark = (text: string, query: string, words?: number): string | null =>
  highlight(text, parseSearchQuery(query, 'query'), words === undefined ? {} : { words });

const filler = (count: number): string => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');

describe('highlight', () => {
  test.each([
    ['a word', 'An API Gateway here', 'gateway', 'An API <mark>Gateway</mark> here'],
    ['a word with accents in the other form', 'the cafe\u0301', 'caf\u00e9', 'the <mark>cafe\u0301</mark>'],
    ['each term', 'one two three', 'three one', '<mark>one</mark> two <mark>three</mark>'],
    ['a phrase', 'bus, event bus', '"event bus"', 'bus, <mark>event bus</mark>'],
    ['a phrase with punctuation', 'at api-gateway.', '"api gateway"', 'at <mark>api-gateway</mark>.'],
    ['a word that begins with the term', 'gates gate', 'gate*', '<mark>gates</mark> <mark>gate</mark>'],
    ['overlapping phrases as one', 'a b c', '"a b" "b c"', '<mark>a b c</mark>'],
    ['adjacent words separately', 'a b', 'a b', '<mark>a</mark> <mark>b</mark>'],
    ['no excluded words', 'one two', 'one -two', '<mark>one</mark> two'],
    ['only some of the terms', 'one', 'one two', '<mark>one</mark>'],
    [
      'escaped text',
      `<b>"one" & 'two'</b>`,
      'one',
      '&lt;b&gt;&quot;<mark>one</mark>&quot; &amp; &#39;two&#39;&lt;/b&gt;',
    ],
    ['punctuation around', '(one).', 'one', '(<mark>one</mark>).'],
    ['no ellipsis for blanks', '  one \n', 'one', '<mark>one</mark>'],
  ])('marks %s', (_, text, query, html) => {
    expect(mark(text, query)).toBe(html);
  });

  test.each([
    ['a text without a match', 'one two', 'three'],
    ['an empty text', '', 'three'],
    ['a phrase that is not in the text', 'one two', '"two one"'],
    ['a part of a word', 'gateway', 'gate'],
  ])('is null for %s', (_, text, query) => {
    expect(mark(text, query)).toBeNull();
  });

  test('cuts a long text around the match, evenly', () => {
    expect(mark(`${filler(50)} needle ${filler(50)}`, 'needle', 5)).toBe(
      '…w48 w49 <mark>needle</mark> w0 w1…',
    );
  });

  test('keeps the window full at either end of the text', () => {
    expect(mark(`needle ${filler(50)}`, 'needle', 4)).toBe('<mark>needle</mark> w0 w1 w2…');
    expect(mark(`${filler(50)} needle`, 'needle', 4)).toBe('…w47 w48 w49 <mark>needle</mark>');
  });

  test.each([
    ['the most distinct terms', `a a a a ${filler(30)} a b`, 'a b', '…w29 <mark>a</mark> <mark>b</mark>'],
    ['then the most matches', `a ${filler(30)} a a`, 'a', '…w29 <mark>a</mark> <mark>a</mark>'],
    ['then the earliest', `x a ${filler(30)} a y`, 'a', 'x <mark>a</mark> w0…'],
    [
      'only the terms within the window',
      `a x x x b ${filler(9)} b a`,
      'a b',
      '…w8 <mark>b</mark> <mark>a</mark>',
    ],
  ])('shows the part with %s', (_, text, query, html) => {
    expect(mark(text, query, 3)).toBe(html);
  });

  test('becomes wider for a phrase longer than the window', () => {
    expect(mark(`${filler(9)} a b c d ${filler(9)}`, '"a b c d"', 2)).toBe('…<mark>a b c d</mark>…');
  });

  test('cuts no character in half', () => {
    for (const gap of ['', '-']) {
      const html = mark(`${'😀'.repeat(20)}${gap}one${gap}${'😀'.repeat(20)}`, 'one');
      expect(html).toMatch(/^…😀{9,10}-?<mark>one<\/mark>-?😀{9,10}…$/u);
    }
  });

  test('stays short beside words and gaps of any length', () => {
    const text = `${'x'.repeat(10_000)} needle ${'-'.repeat(10_000)} ${'y'.repeat(10_000)}`;
    expect(mark(text, 'needle')).toBe('…<mark>needle</mark>…');
  });

  test.each([
    ['words', 'a '.repeat(500_000)],
    ['matches of a long phrase except its end', `${'a '.repeat(499_999)}b`],
    ['one word', 'a'.repeat(1_000_000)],
    ['punctuation', `a${'-'.repeat(1_000_000)}a`],
  ])('ends on a megabyte of %s, on which quadratic work would exceed the time limit', (_, text) => {
    const phrase = `"${'a '.repeat(40)}c"`;
    expect(mark(text, `a* ${phrase}`)).toMatch(/^<mark>a/);
  });
});

const unescapeHtml = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const text = fc
  .array(
    fc.constantFrom('a', 'B', 'ab', 'É', '🤖', ' ', ' ', ' ', '-', '<mark>', '&amp;', '"', "'", '…', '\n'),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));

const query = fc
  .array(fc.constantFrom('a', 'b', 'a*', 'é', '"a b"', 'b-a*', '🤖', 'mark'), { minLength: 1, maxLength: 4 })
  .map((terms) => parseSearchQuery(terms.join(' '), 'query'));

describe('the result of highlight', () => {
  test('is a part of the text, escaped', () => {
    fc.assert(
      fc.property(text, query, fc.integer({ min: 1, max: 12 }), (source, terms, words) => {
        const html = highlight(source, terms, { words });
        if (html === null) return;
        const plain = html.replaceAll('<mark>', '').replaceAll('</mark>', '');
        expect(plain).not.toMatch(/[<>"']|&(?!(?:lt|gt|quot|#39|amp);)/);
        // The text itself may have an ellipsis at either end.
        const shown = unescapeHtml(plain);
        const cuts = [shown, shown.replace(/^…/, ''), shown.replace(/…$/, ''), shown.replace(/^…|…$/g, '')];
        expect(cuts.some((cut) => source.includes(cut))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('marks only matches, and all of those that are shown', () => {
    fc.assert(
      fc.property(text, query, (source, { required }) => {
        const html = highlight(source, { required, excluded: [] }, { words: 100 });
        const has = (part: string) => {
          const line = ` ${splitWords(part).map(foldWord).join(' ')} `;
          return required.some(({ words, prefix }) =>
            line.includes(` ${words.map(foldWord).join(' ')}${prefix ? '' : ' '}`),
          );
        };
        expect(html !== null).toBe(has(source));
        if (html === null) return;
        const marks = [...html.matchAll(/<mark>(.*?)<\/mark>/gs)].map((match) =>
          unescapeHtml(match[1] as string),
        );
        expect(marks.every(has)).toBe(true);
        // The whole text is shown here. With a separator in place of each mark, nothing matches any
        // more.
        const single = required.filter(({ words }) => words.length === 1);
        const rest = unescapeHtml(html.replaceAll(/<mark>.*?<\/mark>/gs, ' \n '));
        const left = splitWords(rest).map(foldWord);
        for (const { words, prefix } of single) {
          const word = foldWord(words[0] as string);
          expect(left.some((one) => (prefix ? one.startsWith(word) : one === word))).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
