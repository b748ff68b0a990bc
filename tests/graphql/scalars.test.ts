import { GraphQLScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/schema.ts';

const schema = createSchema();

function scalar(name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`${name} is no scalar`);
  return type;
}

describe('DateTime', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456789+05:30', '2026-01-31T06:30:00.123Z'],
    ['2026-11-20 12:00:00.123+00', '2026-11-20T12:00:00.123Z'],
    ['2024-02-29T00:00:00-01:00', '2024-02-29T01:00:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(scalar('DateTime').parseValue(text)).toEqual(new Date(instant));
  });

  it.each([
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    'now',
    '',
    1767225600000,
    null,
  ])('refuses %j', (value) => {
    expect(() => scalar('DateTime').parseValue(value)).toThrow(
      /expected an instant in ISO 8601 with an offset/,
    );
  });

  it('is written in UTC with milliseconds', () => {
    expect(scalar('DateTime').serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(scalar('DateTime').serialize(1)).toBe('1970-01-01T00:00:00.001Z');
  });
});

describe('the other scalars', () => {
  it.each([
    ['Duration', 'PT24H', 'PT24H'],
    ['Duration', 'P1M', 'P1M'],
    ['TimeZone', 'Australia/Lord_Howe', 'Australia/Lord_Howe'],
    ['TimeZone', '+05:30', '+05:30'],
    ['UUID', '01981234-5678-7ABC-8DEF-0123456789AB', '01981234-5678-7abc-8def-0123456789ab'],
    ['SafeInt', 2 ** 53 - 1, 2 ** 53 - 1],
    ['JSON', { deep: [1, { true: null }] }, { deep: [1, { true: null }] }],
  ])('%s reads %j', (name, value, expected) => {
    expect(scalar(name).parseValue(value)).toEqual(expected);
  });

  it.each([
    ['Duration', '24 hours'],
    ['Duration', ''],
    ['Duration', 24],
    ['TimeZone', 'Mars/Olympus'],
    ['TimeZone', 'PST'],
    ['TimeZone', '+24:00'],
    ['TimeZone', null],
    ['UUID', '01981234-5678-7abc-8def'],
    ['UUID', 7],
    ['SafeInt', 2 ** 53],
    ['SafeInt', 1.5],
    ['SafeInt', '1'],
  ])('%s refuses %j and names what it accepts', (name, value) => {
    expect(() => scalar(name).parseValue(value)).toThrow(/cannot be used: expected a /);
  });
});

describe('AttributePath', () => {
  it('accepts any text, whose form is checked later by its users', () => {
    expect(scalar('AttributePath').parseValue('"a.b".c')).toBe('"a.b".c');
  });

  it.each([7, true, null, ['a'], {}])('refuses %j', (value) => {
    expect(() => scalar('AttributePath').parseValue(value)).toThrow(/expected the path of an attribute/);
  });
});
