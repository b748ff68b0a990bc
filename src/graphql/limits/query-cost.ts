import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Caller } from '../../access/caller.ts';
import { defined } from '../../core/defined.ts';
import { TelltaleError } from '../../core/errors.ts';
import { responseFields, type SelectionInfo } from '../selection.ts';
import type { CostOf, FieldCost } from './field-cost.ts';
import { readVariables } from './query-variables.ts';

/** The price of an operation, computed before it runs. */
export interface QueryCost {
  /** The rows and cells that the server may have to read or show. */
  readonly requested: number;
  /** The field that costs most: its path in the answer, and its share of the price. */
  readonly costliest: { readonly path: string; readonly rows: number };
}

export interface PricedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Who asks. Default: a caller that sees all rows. */
  readonly caller?: Pick<Caller, 'rows'>;
}

/**
 * @param inWords the limit, as a part of a sentence
 * @throws TelltaleError with the code QUERY_TOO_COMPLEX if the price is above the limit.
 */
export function checkCost(
  { requested, costliest }: QueryCost,
  limit: number,
  inWords = `at most ${limit} (MAX_QUERY_COST)`,
): void {
  if (requested <= limit) return;
  throw new TelltaleError(
    'QUERY_TOO_COMPLEX',
    `The query costs ${requested}; ${inWords}. The most expensive field is \`${costliest.path}\` ` +
      `with ${costliest.rows}. Ask for a smaller \`first\`, a shorter range, a coarser grain or ` +
      'fewer groups, or split the query.',
    { price: requested, limit, field: costliest.path },
  );
}

/** The assumed number of items of a list of objects that declares no cost. Such lists are short. */
const ITEMS_OF_SHORT_LIST = 10;

/** A query that selects more fields, with its fragments expanded, is rejected without a price. */
export const MAX_PRICED_FIELDS = 20_000;

/**
 * An occurrence of a field: how often it occurs, and the `value` that the field around it declared.
 */
interface Occurrence {
  readonly times: number;
  readonly from: unknown;
  readonly path: string;
}

/**
 * The price of an operation: the sum of the costs of its fields, each times its occurrences. A
 * field in a list occurs once per item. Fields merge as in execution: by their response name, with
 * fragments, `@skip` and `@include` applied.
 *
 * @returns null if the variables are not valid: the executor reports what is wrong with them.
 * @throws TelltaleError with the code QUERY_TOO_COMPLEX if there are too many fields to count.
 */
export function priceQuery(asked: PricedOperation): QueryCost | null {
  const { schema, operation, document } = asked;
  const variableValues = readVariables(schema, operation, asked.variables);
  const root = schema.getRootType(operation.operation);
  if (variableValues === null || root == null) return null;
  const common: SelectionInfo = { schema, fragments: fragmentsOf(document), variableValues };
  return createPricing(asked, common).price(root, operation);
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

/** A field of an object type, and its nodes in the query. */
interface SelectedField {
  readonly parent: GraphQLObjectType;
  readonly field: Field;
  readonly nodes: readonly FieldNode[];
}

function createPricing({ now, caller = {} }: Pick<PricedOperation, 'now' | 'caller'>, common: SelectionInfo) {
  let costliest = { path: '', rows: 0 };
  let visited = 0;

  /** The price of the selection on an object type. */
  function ofType(type: GraphQLObjectType, nodes: Nodes, occurrence: Occurrence): number {
    let price = 0;
    const definitions = type.getFields();
    for (const [key, fieldNodes] of responseFields(common, type, nodes)) {
      visited++;
      if (visited > MAX_PRICED_FIELDS) throw tooManyFields();
      // Meta fields such as `__schema` have no definition here. They read nothing.
      const field = definitions[fieldNodes[0]?.name.value ?? ''];
      if (field === undefined || !isCompositeType(getNamedType(field.type))) {
        if (field?.extensions['telltaleCost'] === undefined) continue;
      }
      const path = occurrence.path === '' ? key : `${occurrence.path}.${key}`;
      price += ofField({ parent: type, field, nodes: fieldNodes }, { ...occurrence, path });
    }
    return price;
  }

  function ofField(selected: SelectedField, occurrence: Occurrence): number {
    const { field, nodes } = selected;
    const cost = costOf(selected, occurrence.from);
    if (cost === null) return 0;
    const rows = cost.rows * occurrence.times;
    if (rows > costliest.rows) costliest = { path: occurrence.path, rows };
    if (cost.whole) return rows;
    const below = { path: occurrence.path, times: occurrence.times * (cost.times ?? 1), from: cost.value };
    const type = getNamedType(field.type);
    const types = isAbstractType(type) ? common.schema.getPossibleTypes(type) : [type].filter(isObjectType);
    // Each item has one type, so the most expensive type counts.
    return rows + types.reduce((most, one) => Math.max(most, ofType(one, nodes, below)), 0);
  }

  /** The cost of a field; null if its resolver will reject its arguments. */
  function costOf({ parent, field, nodes }: SelectedField, from: unknown): FieldCost | null {
    const declared = field.extensions['telltaleCost'] as CostOf | undefined;
    if (declared === undefined) return undeclared(parent, field);
    try {
      const args = getArgumentValues(field, defined(nodes[0]), common.variableValues);
      return declared({
        args,
        from,
        now,
        caller,
        info: { ...common, fieldNodes: [...nodes], returnType: field.type },
      });
    } catch (error) {
      if (error instanceof TelltaleError || error instanceof GraphQLError) return null;
      throw error;
    }
  }

  function undeclared(parent: GraphQLObjectType, field: Field): FieldCost {
    if (isListType(getNullableType(field.type)))
      return { rows: ITEMS_OF_SHORT_LIST, times: ITEMS_OF_SHORT_LIST };
    return { rows: parent === common.schema.getQueryType() ? 1 : 0 };
  }

  return {
    price(root: GraphQLObjectType, operation: OperationDefinitionNode): QueryCost {
      const requested = ofType(root, [operation], { times: 1, from: undefined, path: '' });
      const most = (rows: number) => Math.min(rows, Number.MAX_SAFE_INTEGER);
      return { requested: most(requested), costliest: { ...costliest, rows: most(costliest.rows) } };
    },
  };
}

type Field = GraphQLField<unknown, unknown>;
/** Nodes whose selections are merged. */
type Nodes = Parameters<typeof responseFields>[2];

function tooManyFields(): TelltaleError {
  return new TelltaleError(
    'QUERY_TOO_COMPLEX',
    `The query selects more than ${MAX_PRICED_FIELDS} fields, each fragment counted where it is spread. Ask for fewer.`,
  );
}
