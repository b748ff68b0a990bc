import { attributeName, isAttribute, pathIn } from '../../core/dataset/attribute.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { isTag, tagKey, tagName } from '../../core/dataset/tag.ts';
import { InvalidArgument } from '../../core/errors.ts';

const MAX_DIMENSIONS = 5;

/** A dimension, an attribute or a tag to group by. */
export interface NamedDimension {
  /** As the caller wrote it. */
  readonly text: string;
  /** Its name among the columns of the dataset. */
  readonly name: string;
}

/**
 * Reads what `groupBy` names: "model", "attributes.region", "tags.team".
 *
 * @throws InvalidArgument at a name that the dataset does not have; the message lists what it has.
 */
export function readDimensions(
  dataset: Dataset,
  groupBy: readonly string[],
  argument = 'groupBy',
): readonly NamedDimension[] {
  if (groupBy.length > MAX_DIMENSIONS)
    throw new InvalidArgument(`groupBy takes at most ${MAX_DIMENSIONS} names.`, argument);
  const named = groupBy.map(
    (text, index) => [dimensionNamed(dataset, text, `${argument}.${index}`), text] as const,
  );
  return [...new Map(named)].map(([name, text]) => ({ name, text }));
}

/** The column name of a dimension, an attribute or a tag; null if the text is none of these. */
export function findDimension(dataset: Dataset, text: string, argument: string): string | null {
  if (isTag(text)) return tagName(tagKey(text), argument);
  if (isAttribute(text)) return attributeName(pathIn(text), argument);
  return dataset.dimensions.some(({ name }) => name === text) ? text : null;
}

function dimensionNamed(dataset: Dataset, text: string, argument: string): string {
  const found = findDimension(dataset, text, argument);
  if (found !== null) return found;
  const names = dataset.dimensions.map(({ name }) => name).join(', ');
  throw new InvalidArgument(
    `${dataset.name} has no dimension "${text}". It has ${names}, attributes, such as attributes.region, and ` +
      'tags, such as tags.team.',
    argument,
  );
}
