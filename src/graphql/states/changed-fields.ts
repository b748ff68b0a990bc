import { isDeepStrictEqual } from 'node:util';
import type { Column } from '../../core/dataset/column.ts';
import { durationMs } from '../../core/time/duration.ts';
import type { Entity } from '../entities/entity.ts';
import type { PrismaValues } from './state-values.ts';

/**
 * The fields that `wanted` changes, in the order of the columns. "PT60S" does not change "PT1M".
 */
export function changedFields(columns: readonly Column[], before: Entity, wanted: PrismaValues): string[] {
  return columns
    .filter(({ name, kind }) => {
      if (!(name in wanted)) return false;
      const meaning = kind === 'duration' ? lengthOf : same;
      return !isDeepStrictEqual(meaning(before[name] ?? null), meaning(wanted[name]));
    })
    .map(({ name }) => name);
}

const same = (value: unknown): unknown => value;
const lengthOf = (value: unknown): unknown => (typeof value === 'string' ? durationMs(value) : value);
