import type { Scope } from '../../analytics/spec.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { type FieldInfo, type Selection, subselection } from '../selection.ts';
import type { Asked } from './source.ts';

/** The analytics of one scope: the scope, and the answers that its fields have requested so far. */
export interface Analysis {
  readonly scope: Scope;
  /** The time zone of the requested range. */
  readonly timeZone: string;
  readonly answers: Asked;
}

export function startAnalysis(scope: Scope, timeZone: string): Analysis {
  return { scope, timeZone, answers: [] };
}

/**
 * The dimensions that are selected below `dimensions`, in declared order, so that the order of the
 * query does not matter.
 */
export function selectedDimensions(
  info: FieldInfo,
  dataset: Dataset,
  selection: Selection,
  typeName: string,
): string[] {
  const selected = subselection(info, selection, typeName, 'dimensions');
  return dataset.dimensions.map(({ name }) => name).filter((name) => selected.has(name));
}
