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
 * All fields of a type that need no argument, some levels down. A field with the argument
 * `attribute` needs it, or a substitute. Omitted: ids and cursors, which differ each time, and the
 * score of a search, which depends on how often a word occurs in all projects.
 */
export function selectAll(type: GraphQLOutputType, levels = 4, isWanted: IsWanted = () => true): string {
  const named = getNamedType(type);
  if (!isObjectType(named) && !isInterfaceType(named)) return '__typename';
  if (named.name === 'RatioDimensions') return OF_ALL_DATASETS;
  const selections = Object.values(named.getFields())
    .filter((field) => !VOLATILE.test(field.name) && !field.args.some(isNeeded))
    .filter((field) => isWanted(field, levels))
    .map((field) => selectField(field, levels, isWanted));
  return ['__typename', ...selections].join(' ');
}

const isNeeded = (argument: GraphQLArgument): boolean =>
  isRequiredArgument(argument) || argument.name === 'attribute';

/** @param levels that are left, with that of the field */
type IsWanted = (field: GraphQLField<unknown, unknown>, levels: number) => boolean;

/**
 * The relations of a node, in the first of many selections that reaches it: the same relations
 * below each list would take most of the time of a test, and prove nothing new.
 */
export function relationsOnce(): IsWanted {
  const seen = new Set<GraphQLField<unknown, unknown>>();
  return (field, levels) => {
    if (levels > NODES_LEVEL || isLeafType(getNamedType(field.type))) return true;
    const isNew = !seen.has(field);
    seen.add(field);
    return isNew;
  };
}

/** Four levels of the fields in the answer of the root field, or in the nodes of its page. */
const NODES_LEVEL = 3;

/** Those dimensions of a ratio that any two datasets share. */
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
