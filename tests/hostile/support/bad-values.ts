import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { goodValue } from './good-values.ts';
import { nullable } from './locations.ts';
import { FITTING, SHAPES } from './scalar-values.ts';

/** A bad value: its name in a failure, and the value. */
export type Named = readonly [name: string, value: unknown];

/** Values of the test's database that belong elsewhere. */
export interface Foreign {
  /** Cursors of other lists, and forged ones. */
  readonly cursors: readonly Named[];
  readonly ids: readonly Named[];
}

export const isCursor = (name: string): boolean => name === 'after' || name === 'before';
const MANY = 10_000;
const MANY_OBJECTS = 500;
const LEVELS = 100;

/**
 * Bad values for a type, many of which have the right JSON type. `name` is that of the argument or
 * member.
 */
export function badValues(type: GraphQLInputType, name: string, foreign: Foreign): Named[] {
  const own: Named[] = isNonNullType(type) ? [['null', null]] : [['null where it may be', null]];
  const inner = nullable(type);
  if (isListType(inner)) return [...own, ...badLists(inner.ofType, name, foreign)];
  if (isInputObjectType(inner)) return [...own, ...badObjects(inner)];
  if (isEnumType(inner)) {
    const all = inner.getValues().map((value): Named => [`the value ${value.name}`, value.name]);
    return [...own, ...SHAPES, ...ENUMS, ...all.slice(0, 3)];
  }
  const scalar = String(inner);
  return [
    ...own,
    ...SHAPES,
    ...(FITTING[scalar] ?? []),
    ...(isCursor(name) ? foreign.cursors : []),
    ...(scalar === 'ID' || scalar === 'UUID' ? foreign.ids : []),
  ];
}

const ENUMS: readonly Named[] = [
  ['an unknown value', 'NOPE'],
  ['a value of an object', '__proto__'],
  ['an inherited value', 'toString'],
  ['a value in lower case', 'asc'],
];

function badLists(item: GraphQLInputType, name: string, foreign: Foreign): Named[] {
  const items = badValues(item, name, foreign);
  const some = goodValue(item, name, {});
  return [
    ['an empty list', []],
    ['a list of null', [null]],
    ['a list in a list', [[some]]],
    [
      'a huge list',
      Array.from({ length: isInputObjectType(nullable(item)) ? MANY_OBJECTS : MANY }, () => some),
    ],
    ...items.map(([what, value]): Named => [`a list of ${what}`, [value]]),
  ];
}

function badObjects(type: GraphQLInputObjectType): Named[] {
  const wrong: Named[] = [
    ...SHAPES,
    ['an empty object', {}],
    ['an unknown member', { nope: 1 }],
    ['a member named as the prototype', JSON.parse('{"__proto__": {"polluted": true}}')],
    ['a member named constructor', { constructor: { prototype: { polluted: true } } }],
  ];
  return [...wrong, ...deepFilters(type)];
}

/** `and`, `or` and `not` that contain each other, for types that have them. */
function deepFilters(type: GraphQLInputObjectType): Named[] {
  const { and, not } = type.getFields();
  if (and === undefined || not === undefined || getNamedType(and.type) !== type) return [];
  const nested = (levels: number, wrap: (inner: object, level: number) => object) => {
    let filter: object = {};
    for (let level = 0; level < levels; level++) filter = wrap(filter, level);
    return filter;
  };
  const turns = [
    (inner: object) => ({ and: [inner] }),
    (inner: object) => ({ or: [inner, inner] }),
    (inner: object) => ({ not: inner }),
  ];
  return [
    ['not, 100 deep', nested(LEVELS, (inner) => ({ not: inner }))],
    ['and, 100 deep', nested(LEVELS, (inner) => ({ and: [inner] }))],
    [
      'and, or and not, 15 deep',
      nested(15, (inner, level) => (turns[level % 3] as (i: object) => object)(inner)),
    ],
    ['no and', { and: [] }],
    ['no or', { or: [] }],
    ['a huge or', { or: Array.from({ length: MANY_OBJECTS }, () => ({})) }],
  ];
}
