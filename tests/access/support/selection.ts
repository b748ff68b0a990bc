import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/**
 * All fields of a type that need no argument, some levels down: a field with the argument `attribute`
 * needs it, or one in its place. Left out: ids and cursors, which
 * differ each time something is made, and the score of a search: it depends on how often a word occurs
 * in all projects.
 */
export function selectAll(type: GraphQLOutputType, levels = 4, isWanted: IsWanted = () => true): string {
  const named = getNamedType(type);
  if (!isObjectType(named) && !isInterfaceType(named)) return '__typename';
  if (named.name === 'RatioDimensions') return OF_ALL_DATASETS;
  const selections = Object.values(named.getFields())
    .filter((field) => !VOLATILE.test(field.name) && !field.args.some(isNeeded))
    .filter(isWanted)
    .map((field) => selectField(field, levels, isWanted));
  return ['__typename', ...selections].join(' ');
}

const isNeeded = (argument: GraphQLArgument): boolean =>
  isRequiredArgument(argument) || argument.name === 'attribute';

type IsWanted = (field: GraphQLField<unknown, unknown>) => boolean;

/** Of the dimensions of a ratio, those that any two datasets share. */
const OF_ALL_DATASETS = '__typename service environment';

const VOLATILE = /^(id|cursor|.*Cursor|edges|apiKeyId|score)$/;

function selectField(
  { name, type }: GraphQLField<unknown, unknown>,
  levels: number,
  isWanted: IsWanted,
): string {
  if (isLeafType(getNamedType(type))) return name;
  return levels > 1 ? `${name} { ${selectAll(type, levels - 1, isWanted)} }` : '';
}
