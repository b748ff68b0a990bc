import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The size of an operation, with its fragments expanded. */
export interface QuerySize {
  /** Levels of nested fields, without introspection. */
  readonly depth: number;
  /** Levels of nested fields from `__schema` and `__type` down, including these. */
  readonly introspectionDepth: number;
  /** The number of fields with an alias. A field in a fragment counts once per spread. */
  readonly aliases: number;
}

const NOTHING: QuerySize = { depth: 0, introspectionDepth: 0, aliases: 0 };
const INTROSPECTION = new Set(['__schema', '__type']);

/**
 * Measures an operation in one pass. Each fragment is measured once, however often it is spread.
 */
export function measureQuery(document: DocumentNode, operation: OperationDefinitionNode): QuerySize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, QuerySize>();

  function measureFragment(name: string): QuerySize {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // Another rule rejects a fragment that contains itself. This function only must not recurse
    // forever.
    measured.set(name, NOTHING);
    const definition = fragments.get(name);
    const size = definition === undefined ? NOTHING : measureSelections(definition.selectionSet);
    measured.set(name, size);
    return size;
  }

  function measureSelections({ selections }: SelectionSetNode): QuerySize {
    let size = NOTHING;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        size = combine(size, measureFragment(selection.name.value));
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        size = combine(size, measureSelections(selection.selectionSet));
      else {
        const inner =
          selection.selectionSet === undefined ? NOTHING : measureSelections(selection.selectionSet);
        size = combine(size, field(selection.name.value, selection.alias !== undefined, inner));
      }
    }
    return size;
  }

  return measureSelections(operation.selectionSet);
}

function field(name: string, aliased: boolean, inner: QuerySize): QuerySize {
  const aliases = inner.aliases + (aliased ? 1 : 0);
  if (INTROSPECTION.has(name)) return { depth: 0, introspectionDepth: inner.depth + 1, aliases };
  return { depth: inner.depth + 1, introspectionDepth: inner.introspectionDepth, aliases };
}

function combine(left: QuerySize, right: QuerySize): QuerySize {
  return {
    depth: Math.max(left.depth, right.depth),
    introspectionDepth: Math.max(left.introspectionDepth, right.introspectionDepth),
    aliases: left.aliases + right.aliases,
  };
}
