import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { inPackage } from '../../../scripts/prepare/paths.mjs';

/** A block of code, with the language that its fence names. */
export interface Block {
  readonly kind: string;
  readonly text: string;
}

/** The blocks of a page, in order. */
export function blocksOf(path: string): readonly Block[] {
  const found = readFileSync(inPackage(path), 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...found].map(([, kind = '', text = '']) => ({ kind, text }));
}

/** The blocks of the README. */
export const blocks = blocksOf('README.md');

/**
 * Replaces values by their types and lists by their first elements. The result is the same for
 * every demo.
 */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

/**
 * A list that the README shows empty, such as the reasons for good health, may have elements
 * elsewhere.
 */
export function withAnyWhereEmpty(shape: unknown): unknown {
  if (Array.isArray(shape)) return shape.length === 0 ? expect.any(Array) : shape.map(withAnyWhereEmpty);
  if (typeof shape !== 'object' || shape === null) return shape;
  return Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, withAnyWhereEmpty(inner)]));
}
