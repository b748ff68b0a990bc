import type { Scope } from '../../analytics/spec.ts';
import { attributeName } from '../../core/dataset/attribute.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { tagName } from '../../core/dataset/tag.ts';
import type { Selection } from '../selection.ts';
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
 * The dimensions selected below `dimensions`, in declared order, then attributes and tags by name.
 * The order of the fields in the query does not matter.
 *
 * @throws InvalidArgument for a path that leads to no attribute, and a key that no tag can have.
 */
export function selectedDimensions(dataset: Dataset, selection: Selection): string[] {
  const selected = selection.below('dimensions');
  const declared = dataset.dimensions.map(({ name }) => name).filter((name) => selected.has(name));
  const attributes = selected.argumentsOf('attribute').map(({ path }) => attributeName(String(path), 'path'));
  return [...declared, ...[...new Set(attributes)].sort(), ...selectedTags(selected)];
}

/**
 * The tags selected among the dimensions, by name.
 *
 * @throws InvalidArgument for a key that no tag can have.
 */
export function selectedTags(selected: Selection): string[] {
  const tags = selected.argumentsOf('tag').map(({ key }) => tagName(String(key), 'key'));
  return [...new Set(tags)].sort();
}

/** The name of the type of the dimensions of a dataset. */
export const dimensionsName = ({ entity }: Dataset): string => `${entity}Dimensions`;
