import { attributeName } from '../../../src/core/dataset/attribute.ts';
import type { ColumnValue } from '../../../src/core/dataset/column.ts';

/** Values in `attributes` of events: of every type, and under keys that paths must quote. */
export const ATTRIBUTES = [
  '{"a":1}',
  '{"a":1.5,"b":{"c":"x"}}',
  '{"a":"1"}',
  '{"a":true}',
  '{"a":null}',
  '{"a":[1]}',
  '{"a":{"b":2,"0":4}}',
  '{"a.b":3,"a":"é🙂"}',
  '{"say \\"hi\\"":"o","0":-2.5}',
  '{"a":0,"b":{"c":false}}',
  '{"a":"é","b":["z"]}',
];

const PATHS: Readonly<Record<string, readonly string[]>> = {
  a: ['a'],
  'b.c': ['b', 'c'],
  'a.b': ['a', 'b'],
  '"a.b"': ['a.b'],
  'say "hi"': ['say "hi"'],
  '0': ['0'],
  'a.0': ['a', '0'],
  'b.0': ['b', '0'],
};

const KEYS = new Map(
  Object.entries(PATHS).map(([path, keys]) => [attributeName(path, 'path'), keys] as const),
);

/** Names of attributes that some events have. */
export const ATTRIBUTE_NAMES = [...KEYS.keys()];

/** The value in the JSON at the attribute; undefined if there is none. */
export function jsonAt(json: ColumnValue, name: string): unknown {
  let value: unknown = json === null ? undefined : JSON.parse(String(json));
  for (const key of KEYS.get(name) ?? []) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    value = isObject ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}
