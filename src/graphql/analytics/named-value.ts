import { attributeName } from '../../core/dataset/attribute.ts';
import { InvalidArgument } from '../../core/errors.ts';

/** Arguments that name a dimension, or an attribute by its path. */
export interface DimensionArguments {
  readonly dimension?: string | null | undefined;
  readonly attribute?: string | null | undefined;
}

/** Arguments that name a measure, or an attribute by its path. */
export interface MeasureArguments {
  readonly measure?: string | null | undefined;
  readonly attribute?: string | null | undefined;
}

/**
 * The name of the dimension or the attribute.
 *
 * @param parent the argument that holds both, if they are not arguments themselves
 * @throws InvalidArgument unless exactly one is given.
 */
export function dimensionIn({ dimension, attribute }: DimensionArguments, parent?: string): string {
  return nameOf({ dimension, attribute }, parent);
}

/** The name of the measure or the attribute; else as `dimensionIn`. */
export function measureIn({ measure, attribute }: MeasureArguments, parent?: string): string {
  return nameOf({ measure, attribute }, parent);
}

function nameOf(
  { attribute, ...declared }: Readonly<Record<string, string | null | undefined>>,
  parent: string | undefined,
): string {
  const [[argument = '', name] = []] = Object.entries(declared);
  const at = (inner: string) => (parent === undefined ? inner : `${parent}.${inner}`);
  if ((name == null) === (attribute == null)) {
    throw new InvalidArgument(`Give either \`${argument}\` or \`attribute\`.`, at(argument));
  }
  return attribute == null ? String(name) : attributeName(attribute, at('attribute'));
}
