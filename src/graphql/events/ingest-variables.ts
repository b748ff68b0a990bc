import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  type TypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/** Marks an input type in its extensions: resolvers get variables of this type as parsed JSON. */
export const INGEST_INPUT = { telltaleIngest: true } as const;

interface Rewritten {
  readonly document: DocumentNode;
  /**
   * The variable definitions as the client wrote them, by operation name; the unnamed operation is
   * under ''.
   */
  readonly ingestVariables: ReadonlyMap<string, readonly VariableDefinitionNode[]>;
}

/**
 * Passes events in variables to the resolvers as the client sent them (docs/decisions/0003).
 * graphql-js coerces all variables or none, so one invalid event would fail the whole batch.
 * Validation uses the client's document. Execution uses a copy that declares variables of ingest
 * input types as JSON. This plugin checks that lists are lists and that required variables are
 * present. The row checker of the dataset checks each event.
 */
export function useIngestVariables(): Plugin<Context> {
  // The schema rarely changes, and Yoga caches parsed documents, so the same objects recur.
  const rewritten = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Rewritten | null>>();
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const documents = rewritten.get(args.schema) ?? new WeakMap<DocumentNode, Rewritten | null>();
      rewritten.set(args.schema, documents);
      const known = documents.get(args.document);
      const found = known === undefined ? rewrite(args.schema, args.document) : known;
      documents.set(args.document, found);
      if (found === null) return;
      const error = findShapeError(found, args.operationName, args.variableValues ?? {});
      if (error !== undefined) setResultAndStopExecution({ errors: [error] });
      else args.document = found.document;
    },
  };
}

/** The document with JSON instead of ingest input types; null if it has no such variable. */
function rewrite(schema: GraphQLSchema, document: DocumentNode): Rewritten | null {
  const ingestVariables = new Map<string, VariableDefinitionNode[]>();
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
    const found = (definition.variableDefinitions ?? []).filter(({ type }) => isIngestInput(schema, type));
    if (found.length === 0) return definition;
    ingestVariables.set(definition.name?.value ?? '', found);
    return withJson(definition, new Set(found));
  });
  return ingestVariables.size === 0 ? null : { document: { ...document, definitions }, ingestVariables };
}

function isIngestInput(schema: GraphQLSchema, type: TypeNode): boolean {
  if (type.kind !== Kind.NAMED_TYPE) return isIngestInput(schema, type.type);
  return schema.getType(type.name.value)?.extensions['telltaleIngest'] === true;
}

function withJson(
  operation: OperationDefinitionNode,
  found: ReadonlySet<VariableDefinitionNode>,
): OperationDefinitionNode {
  const json: TypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'JSON' } };
  const variableDefinitions = (operation.variableDefinitions ?? []).map(
    (definition): VariableDefinitionNode => {
      if (!found.has(definition)) return definition;
      const required = definition.type.kind === Kind.NON_NULL_TYPE;
      return { ...definition, type: required ? { kind: Kind.NON_NULL_TYPE, type: json } : json };
    },
  );
  return { ...operation, variableDefinitions };
}

function findShapeError(
  { ingestVariables }: Rewritten,
  operationName: string | null | undefined,
  values: Readonly<Record<string, unknown>>,
): GraphQLError | undefined {
  const definitions =
    operationName == null && ingestVariables.size === 1
      ? [...ingestVariables.values()][0]
      : ingestVariables.get(operationName ?? '');
  for (const definition of definitions ?? []) {
    const fault = shapeFault(definition, values[definition.variable.name.value]);
    if (fault !== undefined) return shapeError(definition, fault);
  }
  return undefined;
}

/**
 * What is wrong with the shape of the value, apart from its events; undefined if nothing is. A
 * single event counts as a list of one.
 */
function shapeFault({ type, defaultValue }: VariableDefinitionNode, value: unknown): string | undefined {
  if (value === undefined && defaultValue !== undefined) return undefined;
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  if (value === undefined || value === null) {
    if (inner === type) return undefined;
    return value === null ? 'must not be null' : 'was not provided';
  }
  if (typeof value !== 'object') {
    return inner.kind === Kind.LIST_TYPE ? 'must be a list of objects' : 'must be an object';
  }
  if (Array.isArray(value) && inner.kind !== Kind.LIST_TYPE) return 'must be an object, not a list';
  return undefined;
}

function shapeError(definition: VariableDefinitionNode, fault: string): GraphQLError {
  const name = definition.variable.name.value;
  return new GraphQLError(`Variable "$${name}" of type "${print(definition.type)}" ${fault}.`, {
    nodes: definition,
    extensions: { code: 'BAD_USER_INPUT', variable: name, http: { spec: true, status: 400 } },
  });
}
