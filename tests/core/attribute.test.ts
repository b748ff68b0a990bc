import { describe, expect, it } from 'vitest';
import { attributeName } from '../../src/core/dataset/attribute.ts';
import { fieldOf, valueIn } from '../../src/core/dataset/field.ts';
import { InvalidArgument } from '../../src/core/errors.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';

const row = (attributes: unknown) =>
  llmCalls.columns.map(({ name }) => (name === 'attributes' ? JSON.stringify(attributes) : null));

describe('the path of an attribute', () => {
  it.each([
    ['region', ['region']],
    ['cart.items', ['cart', 'items']],
    ['"a.b".c', ['a.b', 'c']],
    ['say "hi"', ['say "hi"']],
    ['"\\"quoted\\""', ['"quoted"']],
    ['""', ['']],
    ['*.$', ['*', '$']],
    [' a . b ', [' a ', ' b ']],
  ])('%s leads through %j', (path, keys) => {
    const name = attributeName(path, 'path');
    expect(fieldOf(llmCalls, name)).toMatchObject({ name, sqlName: 'attributes', path: keys });
  });

  it('has one name, regardless of how it is written', () => {
    expect(attributeName('"region"."a.b"', 'path')).toBe(attributeName('region."a.b"', 'path'));
    expect(attributeName('"region"', 'path')).toBe('attributes.region');
  });

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '"a',
    '"a"b',
    '"\\x"',
    'a\0',
    '"\\u0000"',
    '\ud800',
    'a.b.c.d.e.f.g.h.i.j.k',
  ])('is refused: %j', (path) => {
    expect(() => attributeName(path, 'attribute')).toThrow(InvalidArgument);
  });

  it('is refused when it is too long, and names the argument', () => {
    expect(() => attributeName('a'.repeat(501), 'orderBy.attribute')).toThrow(
      'orderBy.attribute has at most 500',
    );
  });
});

describe('the value of an attribute', () => {
  it.each([
    ['a', { a: 1 }, 1],
    ['a', { a: 'x' }, 'x'],
    ['a', { a: false }, false],
    ['a', { a: null }, null],
    ['a', {}, null],
    ['a', { a: [1] }, null],
    ['a', { a: {} }, null],
    ['a.0', { a: [1] }, null],
    ['a.b', { a: { b: 2 } }, 2],
    ['a.length', { a: 'text' }, null],
    ['toString', {}, null],
    ['a', null, null],
  ])('at %s of %j is %j', (path, attributes, value) => {
    expect(valueIn(llmCalls, row(attributes), attributeName(path, 'path'))).toBe(value);
  });
});
