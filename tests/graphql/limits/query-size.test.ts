import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { measureQuery, type QuerySize } from '../../../src/graphql/limits/query-size.ts';

function sizeOf(source: string): QuerySize {
  const document = parse(source);
  return measureQuery(document, document.definitions[0] as OperationDefinitionNode);
}

describe('measureQuery', () => {
  it.each<[string, Partial<QuerySize>]>([
    ['{ a }', { depth: 1, aliases: 0, introspectionDepth: 0 }],
    ['{ a { b { c } } d }', { depth: 3 }],
    ['{ x: a { y: b } }', { depth: 2, aliases: 2 }],
    ['{ ... on Query { a { ... { b } } } }', { depth: 2 }],
    ['{ ...A } fragment A on Query { a { b } }', { depth: 2 }],
    ['{ a { ...B ...B } } fragment B on T { x: b }', { depth: 2, aliases: 2 }],
    ['{ __schema { types { name } } }', { depth: 0, introspectionDepth: 3 }],
    ['{ a { __typename } __type(name: "A") { name } }', { depth: 2, introspectionDepth: 2 }],
    ['{ ...Gone }', { depth: 0, aliases: 0 }],
  ])('%s', (source, expected) => {
    expect(sizeOf(source)).toMatchObject(expected);
  });

  it('ends for fragments that spread each other', () => {
    expect(sizeOf('{ ...A } fragment A on Q { a { ...B } } fragment B on Q { b { ...A } }').depth).toBe(2);
  });

  it('counts what 40 doubling fragments expand to, without expanding them', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on Q { ...F${n + 1} ...F${n + 1} }`,
    );
    const source = `{ ...F0 } ${fragments.join(' ')} fragment F40 on Q { x: a }`;
    expect(sizeOf(source).aliases).toBe(2 ** 40);
  });
});
