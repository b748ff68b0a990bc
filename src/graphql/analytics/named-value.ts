import { attributeName } from '../../core/dataset/attribute.ts';
import { tagName } from '../../core/dataset/tag.ts';
import { InvalidArgument } from '../../core/errors.ts';

/** Arguments that name a dimension, an attribute by its path, or a tag by its key. */
export interface DimensionArguments {
  readonly dimension?: string | null | undefined;
  readonly attribute?: string | null | undefined;
  readonly tag?: string | null | undefined;
}

/** Arguments that name a measure, or an attribute by its path. */
export interface MeasureArguments {
  readonly measure?: string | null | undefined;
  readonly attribute?: string | null | undefined;
}

/** Converts what an argument holds to a column name. */
const NAMES: Readonly<Record<string, (text: string, argument: string) => string>> = {
  attribute: attributeName,
  tag: tagName,
};

/**
 * The name of the dimension, attribute or tag.
 *
 * @param parent the argument around them, if they are not arguments themselves
 * @throws InvalidArgument unless exactly one is given.
 */
export function dimensionIn({ dimension, attribute, tag }: DimensionArguments, parent?: string): string {
  return nameOf({ dimension, attribute, tag }, parent);
}

/** The name of the measure or attribute; otherwise like `dimensionIn`. */
export function measureIn({ measure, attribute }: MeasureArguments, parent?: string): string {
  return nameOf({ measure, attribute }, parent);
}

function nameOf(
  inputs: Readonly<Record<string, string | null | undefined>>,
  parent: string | undefined,
): string {
  const at = (inner: string) => (parent === undefined ? inner : `${parent}.${inner}`);
  const arguments_ = Object.keys(inputs);
  const [given, second] = Object.entries(inputs).filter(([, value]) => value != null);
  if (given === undefined || second !== undefined) {
    const named = arguments_.map((name) => `\`${name}\``).join(', ');
    throw new InvalidArgument(`Give exactly one of ${named}.`, at(arguments_[0] ?? ''));
  }
  const [argument, value] = given;
  return NAMES[argument]?.(String(value), at(argument)) ?? String(value);
}
