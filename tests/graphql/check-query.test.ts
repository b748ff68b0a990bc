import { buildSchema, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/access/scopes.ts';
import { InvalidArgument } from '../../src/core/errors.ts';
import { checkQuery } from '../../src/graphql/check-query.ts';
import { callerOf } from '../support/callers.ts';

const schema = buildSchema(`
  type Query { self: Query  number(plus: Int): Int }
  type Mutation { add: Int }
  type Subscription { ticks: Int }
`);
const limits = { queryDepth: 3, queryTokens: 40, queryCost: 200_000, aliases: 1 };
const check = (source: string, scopes: readonly Scope[] = ['READ']) =>
  checkQuery({ schema, limits, caller: callerOf('default', scopes), source, argument: 'input.testQuery' });

describe('checkQuery', () => {
  it.each([
    '{ number }',
    'query Named($plus: Int = 1) { self { number(plus: $plus) } }',
    '{ ...Part } fragment Part on Query { number }',
    '{ __schema { queryType { name } } }',
  ])('accepts %s', (source) => {
    const operations = check(source).definitions.filter(({ kind }) => kind === 'OperationDefinition');
    expect(operations.map((operation) => (operation as OperationDefinitionNode).operation)).toEqual([
      'query',
    ]);
  });

  it.each([
    ['', 'Syntax Error: Unexpected <EOF>. (1:1)'],
    ['{\n  number(', 'Syntax Error: Expected Name, found <EOF>. (2:10)'],
    ['{ numbr }', 'Cannot query field "numbr" on type "Query". Did you mean "number"? (1:3)'],
    ['{ number(plus: "x") }', 'Int cannot represent non-integer value: "x" (1:16)'],
    ['query ($x: Int) { number(plus: $y) }', 'Variable "$y" is not defined. (1:32)'],
    ['{ self { self { self { number } } } }', '4 levels of fields; at most 3 (MAX_QUERY_DEPTH).'],
    ['{ a: number b: number }', '2 aliases; at most 1 (MAX_ALIASES).'],
    [`{ ${'number '.repeat(40)}}`, 'The document has more than 40 tokens (MAX_QUERY_TOKENS).'],
    ['mutation { add }', 'takes a read-only query, such as "{ __typename }"; this is a mutation.'],
    ['subscription { ticks }', 'takes a read-only query, such as "{ __typename }"; this is a subscription.'],
    ['query A { number } query B { number }', 'takes a document with one operation, not 2.'],
    ['query A { number } mutation B { add }', 'takes a document with one operation, not 2.'],
    ['fragment Part on Query { number }', 'takes a document with one operation, not 0.'],
    ['{ number } type Query { other: Int }', 'The "Query" definition is not executable. (1:12)'],
  ])('refuses %s', (source, fault) => {
    let thrown: unknown;
    try {
      check(source);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidArgument);
    expect(thrown).toMatchObject({ code: 'BAD_USER_INPUT', details: { argument: 'input.testQuery' } });
    expect((thrown as InvalidArgument).message).toMatch(/^input\.testQuery /);
    expect((thrown as InvalidArgument).message).toContain(fault);
  });

  it('names the first three faults, and says if there are more', () => {
    expect(() => check('{ a b c }')).toThrow(/"a".+\(1:3\).+"b".+\(1:5\).+"c".+\(1:7\)$/);
    expect(() => check('{ a b c d }')).toThrow(/"a".+"b".+"c" on type "Query"\. \(1:7\) There are more\.$/);
  });

  it('reveals nothing of the schema to a caller who may not read', () => {
    expect(() => check('{ numbr }', ['INGEST'])).toThrow(
      /Cannot query field "numbr" on type "Query"\. \(1:3\)$/,
    );
    expect(() => check('{ __schema { queryType { name } } }', ['INGEST'])).toThrow(/introspection/);
    expect(() => check('{ numbr }', ['ADMIN'])).toThrow(/Did you mean/);
  });
});
