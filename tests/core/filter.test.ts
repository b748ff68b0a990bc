import { describe, expect, it } from 'vitest';
import { type Filter, filterFields } from '../../src/core/filter.ts';
import { normalize, passes, type Row } from './support/filter-fields.ts';

const test = (field: string, operator: string, value: unknown, negated = false): unknown => ({
  kind: 'test',
  field,
  operator,
  value,
  negated,
});
const attribute = (operators: object): unknown => ({ attributes: [{ path: 'note', ...operators }] });
const NOTHING = { kind: 'or', all: [] };

describe('normalizeFilter', () => {
  it.each<[string, unknown, unknown]>([
    ['no filter', undefined, null],
    ['null', null, null],
    ['nothing asked', {}, null],
    ['and of nothing', { and: [] }, null],
    ['or of nothing', { or: [] }, NOTHING],
    ['not of everything', { not: {} }, NOTHING],
    ['not of nothing', { not: { or: [] } }, null],
    ['a field without operators', { model: {} }, null],
    ['nulls in place of conditions', { model: null, and: null, or: null, not: null }, null],
    ['or with an empty filter', { or: [{ model: { eq: 'a' } }, {}] }, null],
    ['eq', { model: { eq: 'a' } }, test('model', 'eq', 'a')],
    ['ne', { model: { ne: 'a' } }, test('model', 'eq', 'a', true)],
    ['not eq', { not: { model: { eq: 'a' } } }, test('model', 'eq', 'a', true)],
    ['not ne', { not: { model: { ne: 'a' } } }, test('model', 'eq', 'a')],
    ['eq null', { model: { eq: null } }, test('model', 'eq', null)],
    ['ne null', { model: { ne: null } }, test('model', 'eq', null, true)],
    ['in', { model: { in: ['a', 'b', 'a'] } }, test('model', 'in', ['a', 'b'])],
    ['in of one', { model: { in: ['a', 'a'] } }, test('model', 'eq', 'a')],
    ['in of none', { model: { in: [] } }, NOTHING],
    ['not in of none', { model: { notIn: [] } }, null],
    ['in of null', { model: { in: [null] } }, test('model', 'eq', null)],
    [
      'in with null',
      { model: { in: [null, 'a', 'b'] } },
      { kind: 'or', all: [test('model', 'eq', null), test('model', 'in', ['a', 'b'])] },
    ],
    [
      'not in with null',
      { model: { notIn: ['a', null] } },
      { kind: 'and', all: [test('model', 'eq', null, true), test('model', 'eq', 'a', true)] },
    ],
    ['an impossible part', { model: { eq: 'a' }, or: [] }, NOTHING],
    [
      'several operators and fields',
      { latencyMs: { gte: 1, lt: 5 }, success: { eq: true } },
      {
        kind: 'and',
        all: [test('latencyMs', 'gte', 1), test('latencyMs', 'lt', 5), test('success', 'eq', true)],
      },
    ],
    [
      'not of several operators',
      { not: { latencyMs: { gte: 1, lt: 5 } } },
      { kind: 'or', all: [test('latencyMs', 'gte', 1, true), test('latencyMs', 'lt', 5, true)] },
    ],
    [
      'nested groups of a kind',
      {
        and: [
          { and: [{ model: { contains: 'a' } }, { model: { startsWith: 'b' } }] },
          { success: { eq: false } },
        ],
      },
      {
        kind: 'and',
        all: [test('model', 'contains', 'a'), test('model', 'startsWith', 'b'), test('success', 'eq', false)],
      },
    ],
    ['an undefined operator', { model: { eq: undefined, ne: 'a' } }, test('model', 'eq', 'a', true)],
    ['a date', { timestamp: { gt: new Date(5) } }, test('timestamp', 'gt', 5)],
    ['an instant as text', { timestamp: { lt: '1970-01-01T00:00:01Z' } }, test('timestamp', 'lt', 1000)],
    ['epoch milliseconds', { timestamp: { lte: 7 } }, test('timestamp', 'lte', 7)],
    [
      'a UUID in capitals',
      { id: { eq: 'C232AB00-9414-11EC-B3C8-9F6BDECED846' } },
      test('id', 'eq', 'c232ab00-9414-11ec-b3c8-9f6bdeced846'),
    ],
    ['has', { tags: { has: 'a' } }, test('tags', 'has', 'a')],
    ['not has', { not: { tags: { has: 'a' } } }, test('tags', 'has', 'a', true)],
    ['has some of one', { tags: { hasSome: ['a'] } }, test('tags', 'has', 'a')],
    ['has some of none', { tags: { hasSome: [] } }, NOTHING],
    ['not has some of none', { not: { tags: { hasSome: [] } } }, null],
    ['has every of none', { tags: { hasEvery: [] } }, null],
    ['not has every of none', { not: { tags: { hasEvery: [] } } }, NOTHING],
    [
      'has some',
      { tags: { hasSome: ['a', 'b'] } },
      { kind: 'or', all: [test('tags', 'has', 'a'), test('tags', 'has', 'b')] },
    ],
    [
      'not has some',
      { not: { tags: { hasSome: ['a', 'b'] } } },
      { kind: 'and', all: [test('tags', 'has', 'a', true), test('tags', 'has', 'b', true)] },
    ],
    [
      'has every',
      { tags: { has: 'c', hasEvery: ['a', 'b'] } },
      { kind: 'and', all: [test('tags', 'has', 'c'), test('tags', 'has', 'a'), test('tags', 'has', 'b')] },
    ],
    [
      'not has every',
      { not: { tags: { hasEvery: ['a', 'b'] } } },
      { kind: 'or', all: [test('tags', 'has', 'a', true), test('tags', 'has', 'b', true)] },
    ],
    ['money in nano-USD', { cost: { eq: 0.0000012 } }, test('cost', 'eq', 1200)],
    ['money below half a unit, lt', { cost: { lt: 0.0000000012 } }, test('cost', 'lt', 2)],
    ['money below half a unit, gte', { cost: { gte: 0.0000000012 } }, test('cost', 'gte', 2)],
    ['money above half a unit, lte', { cost: { lte: 0.0000000018 } }, test('cost', 'lte', 1)],
    ['money above half a unit, gt', { cost: { gt: 0.0000000018 } }, test('cost', 'gt', 1)],
  ])('%s', (_, input, expected) => {
    expect(normalize(input)).toEqual(expected);
  });

  const nested = (levels: number): unknown =>
    levels === 1 ? { model: { eq: 'a' } } : { not: nested(levels - 1) };
  const tests = (number: number): unknown => ({
    or: Array.from({ length: number }, () => ({ model: { eq: 'a' } })),
  });
  const values = (number: number): unknown => ({
    model: { in: Array.from({ length: number }, (_, index) => String(index)) },
  });

  it.each<[string, unknown, string, RegExp]>([
    ['an unknown field', { nope: { eq: 1 } }, 'filter.nope', /no field nope/],
    ['an unknown operator', { model: { like: 'a' } }, 'filter.model.like', /contains, startsWith/],
    ['order of text', { model: { gt: 'a' } }, 'filter.model.gt', /eq, ne, in, notIn/],
    ['part of a number', { latencyMs: { contains: '1' } }, 'filter.latencyMs.contains', /gte/],
    ['a number for text', { model: { eq: 1 } }, 'filter.model.eq', /text/],
    ['U+0000', { model: { contains: 'a\0' } }, 'filter.model.contains', /U\+0000/],
    [
      'half of a surrogate pair',
      { model: { startsWith: 'a\ud83d' } },
      'filter.model.startsWith',
      /surrogate/,
    ],
    ['text for a number', { latencyMs: { gt: '1' } }, 'filter.latencyMs.gt', /number/],
    ['infinity', { latencyMs: { gt: Number.POSITIVE_INFINITY } }, 'filter.latencyMs.gt', /finite/],
    ['null order', { latencyMs: { lt: null } }, 'filter.latencyMs.lt', /number/],
    ['a null list', { model: { in: null } }, 'filter.model.in', /list/],
    ['a wrong value in a list', { model: { notIn: ['a', 2] } }, 'filter.model.notIn.1', /text/],
    ['a value that is not a boolean', { success: { eq: 'true' } }, 'filter.success.eq', /true or false/],
    ['a value that is not a UUID', { id: { eq: 'x' } }, 'filter.id.eq', /UUID/],
    ['a value that is not an instant', { timestamp: { gt: 'yesterday' } }, 'filter.timestamp.gt', /instant/],
    [
      'a time without an offset',
      { timestamp: { gt: '2026-01-31T12:00:00' } },
      'filter.timestamp.gt',
      /instant/,
    ],
    ['a date without a time', { timestamp: { gt: '2026-01-31' } }, 'filter.timestamp.gt', /instant/],
    ['an invalid date', { timestamp: { gt: new Date(Number.NaN) } }, 'filter.timestamp.gt', /instant/],
    ['equality of lists', { tags: { eq: 'a' } }, 'filter.tags.eq', /has, hasSome, hasEvery/],
    ['has of text', { model: { has: 'a' } }, 'filter.model.has', /eq, ne, in, notIn/],
    ['has of null', { tags: { has: null } }, 'filter.tags.has', /text/],
    ['has some of a text', { tags: { hasSome: 'a' } }, 'filter.tags.hasSome', /list/],
    ['has every of null', { tags: { hasEvery: ['a', null] } }, 'filter.tags.hasEvery.1', /text/],
    ['has of U+0000', { tags: { has: 'a\0' } }, 'filter.tags.has', /U\+0000/],
    ['a value in place of operators', { model: 'a' }, 'filter.model', /object/],
    ['a list in place of a filter', [], 'filter', /object/],
    ['an object in place of a list', { and: [{ or: {} }] }, 'filter.and.0.or', /list/],
    ['order of booleans', attribute({ lt: true }), 'filter.attributes.0.lt', /takes a number or a text\.$/],
    [
      'a list as a value',
      attribute({ eq: [1] }),
      'filter.attributes.0.eq',
      /a number, a text, true or false\.$/,
    ],
    ['11 levels', nested(11), 'filter.not.not.not.not.not.not.not.not.not.not', /10 levels/],
    ['501 tests', tests(501), 'filter.or.500.model.eq', /500 tests/],
    ['1001 values', values(1001), 'filter.model.in', /1000 values/],
  ])('refuses %s', (_, input, argument, message) => {
    expect(() => normalize(input)).toThrow(message);
    expect(() => normalize(input)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument } }),
    );
  });

  it('accepts filters at their limits', () => {
    expect(passes(normalize(nested(10)), { model: 'a' })).toBe(false);
    expect(passes(normalize(tests(500)), { model: 'a' })).toBe(true);
    expect(passes(normalize(values(1000)), { model: '999' })).toBe(true);
  });
});

describe('matches', () => {
  it.each<[string, unknown, Row, boolean]>([
    ['eq', { model: { eq: 'a' } }, { model: 'a' }, true],
    ['eq by case', { model: { eq: 'a' } }, { model: 'A' }, false],
    ['eq of an absent field', { model: { eq: 'a' } }, {}, false],
    ['ne of an absent field', { model: { ne: 'a' } }, {}, true],
    ['eq null of an absent field', { model: { eq: null } }, {}, true],
    ['eq null of a null field', { model: { eq: null } }, { model: null }, true],
    ['eq null of empty text', { model: { eq: null } }, { model: '' }, false],
    ['ne null', { model: { ne: null } }, { model: null }, false],
    ['in', { model: { in: ['a', 'b'] } }, { model: 'b' }, true],
    ['in of an absent field', { model: { in: ['a', 'b'] } }, {}, false],
    ['notIn of an absent field', { model: { notIn: ['a', 'b'] } }, {}, true],
    ['notIn with null of an absent field', { model: { notIn: ['a', null] } }, {}, false],
    ['contains', { model: { contains: 'pt-' } }, { model: 'gpt-5' }, true],
    ['contains by case', { model: { contains: 'PT-' } }, { model: 'gpt-5' }, false],
    ['startsWith', { model: { startsWith: 'gpt' } }, { model: 'gpt-5' }, true],
    ['startsWith inside', { model: { startsWith: 'pt' } }, { model: 'gpt-5' }, false],
    ['lt', { latencyMs: { lt: 5 } }, { latencyMs: 5 }, false],
    ['lte', { latencyMs: { lte: 5 } }, { latencyMs: 5 }, true],
    ['gt', { latencyMs: { gt: 5 } }, { latencyMs: 5 }, false],
    ['gte', { latencyMs: { gte: 5 } }, { latencyMs: 5 }, true],
    ['lt of an absent field', { latencyMs: { lt: 5 } }, {}, false],
    ['not lt of an absent field', { not: { latencyMs: { lt: 5 } } }, {}, true],
    ['has', { tags: { has: 'a' } }, { tags: '["b","a"]' }, true],
    ['has a part', { tags: { has: 'a' } }, { tags: '["ab"]' }, false],
    ['has by case', { tags: { has: 'a' } }, { tags: '["A"]' }, false],
    ['has what JSON escapes', { tags: { has: '"\\\n' } }, { tags: JSON.stringify(['"\\\n']) }, true],
    ['has of an empty list', { tags: { has: '' } }, { tags: '[]' }, false],
    ['has of an absent list', { tags: { has: 'a' } }, {}, false],
    ['not has of an absent list', { not: { tags: { has: 'a' } } }, {}, true],
    ['has some', { tags: { hasSome: ['a', 'c'] } }, { tags: '["b","c"]' }, true],
    ['has every', { tags: { hasEvery: ['a', 'c'] } }, { tags: '["b","c"]' }, false],
    ['has every of none of an absent list', { tags: { hasEvery: [] } }, {}, true],
    ['false is present', { success: { eq: null } }, { success: false }, false],
    ['and', { success: { eq: true }, latencyMs: { gt: 1 } }, { success: true, latencyMs: 1 }, false],
    ['or', { or: [{ success: { eq: true } }, { latencyMs: { gt: 1 } }] }, { success: true }, true],
    ['or of nothing', { or: [] }, { success: true }, false],
    // U+1F642 comes after U+FFFD, although its UTF-16 form begins with U+D83D.
    ['gt of text by code points', attribute({ gt: '\ufffd' }), { 'attributes.note': '🙂' }, true],
    ['lt of text by code points', attribute({ lt: '\ufffd' }), { 'attributes.note': '🙂' }, false],
    ['gte of the same text', attribute({ gte: 'a' }), { 'attributes.note': 'a' }, true],
    ['gt of a text and a number', attribute({ gt: 'a' }), { 'attributes.note': 7 }, false],
  ])('%s', (_, input, row, expected) => {
    expect(passes(normalize(input), row)).toBe(expected);
  });
});

describe('filterFields', () => {
  it('names every field once', () => {
    const filter = normalize({ model: { eq: 'a' }, or: [{ latencyMs: { gt: 1 } }, { model: { eq: 'b' } }] });
    expect(filterFields(filter as Filter)).toEqual(new Set(['model', 'latencyMs']));
  });
});
