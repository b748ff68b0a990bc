import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLFieldMap,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
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
export interface Selection {
  has(field: string): boolean;
  /** The names of the selected fields. */
  keys(): Iterable<string>;
  /** The selection below a field. Empty if the field is not selected or has no fields. */
  below(field: string): Selection;
  /** The coerced arguments of each occurrence of a field. */
  argumentsOf(field: string): readonly Record<string, unknown>[];
}

/** The nodes of each selected field. */
type FieldNodes = ReadonlyMap<string, readonly FieldNode[]>;

/** What all fields of an operation have in common. */
export type SelectionInfo = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;

/** The parts of a field that determine a selection. The field need not be resolved yet. */
export type FieldInfo = SelectionInfo & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;

/** A field node, or an operation. */
interface Selecting {
  readonly selectionSet?: SelectionSetNode | undefined;
}

const NOTHING: Selection = {
  has: () => false,
  keys: () => [],
  below: () => NOTHING,
  argumentsOf: () => [],
};

/** The selection below the current field, with fragments, `@skip` and `@include` applied. */
export function selectionOf(info: FieldInfo): Selection {
  return selectionOn(info, getNamedType(info.returnType), info.fieldNodes);
}

/**
 * The selection at a path of fields below the current field. If the type of the last field is an
 * interface, `typeName` names one of its object types.
 */
export function selectionAt(info: FieldInfo, path: readonly string[], typeName: string): Selection {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  let type: GraphQLNamedType = getNamedType(info.returnType);
  for (const name of path) {
    const field: GraphQLField<unknown, unknown> | undefined = fieldsOf(info, type.name)[name];
    if (field === undefined) throw new Error(`${type.name} has no field ${name}`);
    nodes = fieldNodes(info, type, nodes).get(name) ?? [];
    type = getNamedType(field.type);
  }
  return selectionOn(info, isAbstractType(type) ? info.schema.getType(typeName) : type, nodes);
}

/** The fields of an object type by name. Empty if there is no such type. */
export function fieldsOf({ schema }: FieldInfo, typeName: string): GraphQLFieldMap<unknown, unknown> {
  const type = schema.getType(typeName);
  return isObjectType(type) ? type.getFields() : {};
}

/** What nodes select on a type. Empty if it is not an object type. */
function selectionOn(
  info: SelectionInfo,
  type: GraphQLNamedType | undefined,
  nodes: readonly Selecting[],
): Selection {
  if (!isObjectType(type)) return NOTHING;
  const selected = fieldNodes(info, type, nodes);
  const fields = type.getFields();
  return {
    has: (field) => selected.has(field),
    keys: () => selected.keys(),
    below(field) {
      const [nodesOfField, definition] = [selected.get(field), fields[field]];
      if (nodesOfField === undefined || definition === undefined) return NOTHING;
      return selectionOn(info, getNamedType(definition.type), nodesOfField);
    },
    argumentsOf(field) {
      const definition = fields[field];
      if (definition === undefined) return [];
      return (selected.get(field) ?? []).map((node) =>
        getArgumentValues(definition, node, info.variableValues),
      );
    },
  };
}

function fieldNodes(info: SelectionInfo, type: GraphQLNamedType, nodes: readonly Selecting[]): FieldNodes {
  return isObjectType(type) ? collectBelow(info, { type, nodes }, ({ name }) => name.value) : new Map();
}

/**
 * What nodes select below fields of an object type, by response name, as the executor merges them.
 */
export function responseFields(
  info: SelectionInfo,
  type: GraphQLObjectType,
  nodes: readonly Selecting[],
): FieldNodes {
  return collectBelow(info, { type, nodes }, ({ alias, name }) => (alias ?? name).value);
}

function collectBelow(
  info: SelectionInfo,
  { type, nodes }: { readonly type: GraphQLObjectType; readonly nodes: readonly Selecting[] },
  keyOf: (node: FieldNode) => string,
): FieldNodes {
  const selection = new Map<string, FieldNode[]>();
  // A fragment adds its fields once, however often it is spread. Otherwise fragments that spread
  // each other twice would double the work with every level.
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
