import { describe, expect, it } from 'vitest';
import { wrapComments } from '../../scripts/prose/comments.mjs';
import { wrapMarkdown } from '../../scripts/prose/markdown.mjs';

describe('wrapMarkdown', () => {
  it.each([
    ['a paragraph', 'one two three four five', 'one two\nthree four\nfive'],
    ['a list item', '- one two three four', '- one two\n  three four'],
    ['a nested list item', '- one\n  1. two three four', '- one\n  1. two\n     three\n     four'],
    ['a quotation', '> one two three four', '> one two\n> three four'],
    ['code, which stays in one piece', 'one `two three` four', 'one\n`two three`\nfour'],
    ['a number that would begin a list', 'there were 1. April', 'there were 1.\nApril'],
    ['a dash that would begin a list', 'one two 34 - five', 'one two 34 -\nfive'],
  ])('wraps %s', (_, text, wrapped) => {
    expect(wrapMarkdown(text, 12)).toBe(wrapped);
    expect(wrapMarkdown(wrapped, 12)).toBe(wrapped);
  });

  it.each([
    ['text that fits, with any line breaks', 'one\ntwo three\nfour'],
    ['code', '```\none two three four\n```\n\n    one two three four'],
    ['a table', '| one two | three four |\n| --- | --- |\n| five six | seven |'],
    ['a heading', '# one two three four'],
    ['a hard break', 'one two three  \nfour'],
    ['a word that is too long', 'https://example.com/one'],
  ])('does not change %s', (_, text) => expect(wrapMarkdown(text, 12)).toBe(text));
});

describe('wrapComments', () => {
  it.each([
    [
      'a comment of one line',
      '  /** One two three four. */\n  code();',
      '  /**\n   * One two three\n   * four.\n   */\n  code();',
    ],
    [
      'a block, without joining its tags',
      '/**\n * One two three four five.\n * @param one two three four\n * @returns five\n */',
      '/**\n * One two three\n * four five.\n * @param one two\n * three four\n * @returns five\n */',
    ],
    ['consecutive line comments', '// one two three four five\n// six', '// one two three\n// four five six'],
  ])('wraps %s', (_, source, wrapped) => {
    expect(wrapComments(source, 18)).toBe(wrapped);
    expect(wrapComments(wrapped, 18)).toBe(wrapped);
  });

  it.each([
    ['a directive', '// biome-ignore lint/one: two three four'],
    ['a comment after code', 'code(); // one two three four'],
    ['code', 'const url = "https://example.com/one two three";'],
  ])('does not change %s', (_, source) => expect(wrapComments(source, 18)).toBe(source));
});
