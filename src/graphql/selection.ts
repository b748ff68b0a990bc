import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLFieldMap,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The fields that a query selects below fields of one object type: by field name, regardless of
 * aliases.
 */
export type Selection = ReadonlyMap<string, readonly FieldNode[]>;

/** What is the same for all fields of an operation. */
export type SelectionInfo = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;

/** A field, as far as a selection depends on it. It need not be resolved yet. */
export type FieldInfo = SelectionInfo & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;

/** A field node, or an operation. */
interface Selecting {
  readonly selectionSet?: SelectionSetNode | undefined;
}

const NOTHING: Selection = new Map();

/**
 * What is selected below the field that is being resolved, with fragments, `@skip` and `@include`
 * applied. If the type of the field is an interface, `typeName` names one of its object types.
 */
export function selectionOf(info: FieldInfo, typeName = getNamedType(info.returnType).name): Selection {
  return below(info, typeName, info.fieldNodes);
}

/**
 * What is selected at a path of fields below the field that is being resolved. If the type of the
 * last field is an interface, `typeName` names one of its object types.
 */
export function selectionAt(info: FieldInfo, path: readonly string[], typeName: string): Selection {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  let type = getNamedType(info.returnType);
  for (const name of path) {
    nodes = below(info, type.name, nodes).get(name) ?? [];
    const field = fieldsOf(info, type.name)[name];
    if (field === undefined) throw new Error(`${type.name} has no field ${name}`);
    type = getNamedType(field.type);
  }
  return below(info, isAbstractType(type) ? typeName : type.name, nodes);
}

/** The fields of an object type by name. Empty if there is no such type. */
export function fieldsOf({ schema }: FieldInfo, typeName: string): GraphQLFieldMap<unknown, unknown> {
  const type = schema.getType(typeName);
  return isObjectType(type) ? type.getFields() : {};
}

/**
 * What is selected below `field` in a selection on the object type `typeName`. Empty if `field` is
 * not selected.
 */
export function subselection(
  info: FieldInfo,
  selection: Selection,
  typeName: string,
  field: string,
): Selection {
  const nodes = selection.get(field);
  const definition = fieldsOf(info, typeName)[field];
  if (nodes === undefined || definition === undefined) return NOTHING;
  return below(info, getNamedType(definition.type).name, nodes);
}

/** The coerced arguments of each occurrence of `field` in the selection. */
export function argumentsOf(
  info: FieldInfo,
  selection: Selection,
  typeName: string,
  field: string,
): readonly Record<string, unknown>[] {
  const definition = fieldsOf(info, typeName)[field];
  if (definition === undefined) return [];
  return (selection.get(field) ?? []).map((node) => getArgumentValues(definition, node, info.variableValues));
}

function below(info: FieldInfo, typeName: string, nodes: readonly Selecting[]): Selection {
  const type = info.schema.getType(typeName);
  return isObjectType(type) ? collectBelow(info, type, nodes, ({ name }) => name.value) : NOTHING;
}

/**
 * What nodes select below fields of an object type, by the names in the response, as the executor
 * merges them.
 */
export function responseFields(
  info: SelectionInfo,
  type: GraphQLObjectType,
  nodes: readonly Selecting[],
): Selection {
  return collectBelow(info, type, nodes, ({ alias, name }) => (alias ?? name).value);
}

function collectBelow(
  info: SelectionInfo,
  type: GraphQLObjectType,
  nodes: readonly Selecting[],
  keyOf: (node: FieldNode) => string,
): Selection {
  const selection = new Map<string, FieldNode[]>();
  // A fragment adds its fields once, however often it is spread: else fragments that spread each
  // other twice would double with every level.
  const spread = new Set<string>();

  function collect({ selections }: SelectionSetNode): void {
    for (const node of selections) {
      if (!isIncluded(info, node)) continue;
      if (node.kind === Kind.FIELD) {
        const known = selection.get(keyOf(node));
        if (known === undefined) selection.set(keyOf(node), [node]);
        else known.push(node);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(node.name.value)) continue;
        spread.add(node.name.value);
      }
      // In a validated document every fragment is defined, and none contains itself.
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : info.fragments[node.name.value];
      if (fragment !== undefined && applies(info, fragment, type)) collect(fragment.selectionSet);
    }
  }

  for (const { selectionSet } of nodes) if (selectionSet !== undefined) collect(selectionSet);
  return selection;
}

function isIncluded({ variableValues }: SelectionInfo, node: SelectionNode): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] !== false;
}

function applies(
  { schema }: SelectionInfo,
  { typeCondition }: FragmentDefinitionNode | InlineFragmentNode,
  type: GraphQLObjectType,
): boolean {
  if (typeCondition === undefined || typeCondition.name.value === type.name) return true;
  const condition = schema.getType(typeCondition.name.value);
  return isAbstractType(condition) && schema.isSubType(condition, type);
}
