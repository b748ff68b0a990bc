import type { GraphQLResolveInfo } from 'graphql';
import type { Scope } from '../../analytics/spec.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { type Selection, subselection } from '../selection.ts';
import type { Asked } from './source.ts';

/**
 * A question that is being answered: the scope, and the answers that its fields have asked for so
 * far.
 */
export interface Analysis {
  readonly scope: Scope;
  /** The zone that its range was asked for in. */
  readonly timeZone: string;
  readonly answers: Asked;
}

export function startAnalysis(scope: Scope, timeZone: string): Analysis {
  return { scope, timeZone, answers: [] };
}

/**
 * The dimensions that are selected below `dimensions`, in declared order: the same question however
 * it is written.
 */
export function selectedDimensions(
  info: GraphQLResolveInfo,
  dataset: Dataset,
  selection: Selection,
  typeName: string,
): string[] {
  const selected = subselection(info, selection, typeName, 'dimensions');
  return dataset.dimensions.map(({ name }) => name).filter((name) => selected.has(name));
}
