import { buildSchema, GraphQLError, Source, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createQuerySizeRule, parseLimited } from '../../../src/graphql/limits/query-limits.ts';

const LIMITS = { queryDepth: 3, queryTokens: 10, aliases: 1, queryCost: 1000 };
const schema = buildSchema('type Query { self: Query  number: Int }');

function errorsOf(source: string, limits = { ...LIMITS, queryTokens: 1000 }) {
  return validate(schema, parseLimited(source, limits), [createQuerySizeRule(limits)]);
}

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('parseLimited', () => {
  it('counts the tokens, and allows exactly the limit', () => {
    const fields = (count: number) => `{ ${'number '.repeat(count)} }`;
    expect(parseLimited(fields(8), LIMITS).definitions).toHaveLength(1);
    expect(thrownBy(() => parseLimited(fields(9), LIMITS))).toMatchObject({
      message: 'The query is too complex: The document has more than 10 tokens (MAX_QUERY_TOKENS).',
      extensions: { code: 'QUERY_TOO_COMPLEX' },
    });
  });

  it('does not change syntax errors', () => {
    const error = thrownBy(() => parseLimited('{ number', LIMITS));
    expect(error).toBeInstanceOf(GraphQLError);
    expect(error).toMatchObject({
      message: 'Syntax Error: Expected Name, found <EOF>.',
      locations: [{ line: 1, column: 9 }],
    });
    expect((error as GraphQLError).extensions).toEqual({});
  });

  it('accepts a source with a name, and the options of the parser', () => {
    const source = new Source('{ number }', 'stored query');
    expect(parseLimited(source, LIMITS).loc?.source.name).toBe('stored query');
    expect(parseLimited(source, LIMITS, { noLocation: true }).loc).toBeUndefined();
  });
});

describe('the rule of the query size', () => {
  it.each([
    ['{ self { self { number } } }', []],
    ['{ self { self { self { number } } } }', ['4 levels of fields; at most 3 (MAX_QUERY_DEPTH).']],
    ['{ a: number }', []],
    ['{ a: number b: number }', ['2 aliases; at most 1 (MAX_ALIASES).']],
    [
      '{ a: self { b: self { self { self { number } } } } }',
      ['5 levels of fields; at most 3 (MAX_QUERY_DEPTH).', '2 aliases; at most 1 (MAX_ALIASES).'],
    ],
    ['query A { a: number } query B { b: number }', []],
  ])('%s', (source, faults) => {
    const errors = errorsOf(source);
    expect(errors.map(({ message }) => message)).toEqual(
      faults.map((fault) => `The query is too complex: ${fault}`),
    );
    for (const { extensions } of errors) expect(extensions['code']).toBe('QUERY_TOO_COMPLEX');
  });

  it('allows the introspection queries of tools, but no larger ones', () => {
    const types = (levels: number) =>
      `{ __schema { types ${'{ ofType '.repeat(levels)} { name } ${'}'.repeat(levels)} } }`;
    expect(errorsOf(types(17))).toEqual([]);
    expect(errorsOf(types(18)).map(({ message }) => message)).toEqual([
      'The query is too complex: 21 levels of introspection; at most 20.',
    ]);
  });
});
