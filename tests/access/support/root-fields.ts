import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Scope } from '../../../src/access/scopes.ts';

export type Kind = 'query' | 'mutation' | 'subscription';

/** A field of a root type. */
export interface RootField {
  readonly kind: Kind;
  readonly name: string;
  /** The scopes that it declares. */
  readonly scopes: readonly Scope[];
  /**
   * The datasets that a read token must open to query the field. Null: a read token may not query
   * it.
   */
  readonly rowsOf: readonly string[] | null;
  /** An operation with only this field, and the fewest arguments. */
  readonly operation: Operation;
}

export interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/**
 * The selection of an operation below its field, and the values of arguments that may not be
 * arbitrary.
 */
export interface Wishes {
  select?(type: GraphQLOutputType): string;
  readonly values?: Readonly<Record<string, unknown>>;
}

const TYPE_NAMES: Wishes = {};

export function rootFieldsOf(schema: GraphQLSchema, wishes = TYPE_NAMES): RootField[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      kind,
      name: field.name,
      ...declaredScopes(field),
      operation: operationOf(kind, field, wishes),
    })),
  );
}

/** Pothos keeps the options of a field in its extensions. */
function declaredScopes({
  extensions,
}: GraphQLField<unknown, unknown>): Pick<RootField, 'scopes' | 'rowsOf'> {
  const { authScopes = {} } = (extensions['pothosOptions'] ?? {}) as { authScopes?: Declared };
  const { $any, ...rest } = authScopes;
  const { rowsOf = null, ...named } = { ...rest, ...$any };
  const scopes = Object.entries(named)
    .filter(([, isNeeded]) => isNeeded === true)
    .map(([name]) => name.toUpperCase() as Scope);
  return { scopes, rowsOf };
}

interface Declared {
  readonly [scope: string]: unknown;
  readonly $any?: { readonly rowsOf?: readonly string[] };
}

function operationOf(
  kind: Kind,
  { name, args, type }: GraphQLField<unknown, unknown>,
  { select = () => '__typename', values = {} }: Wishes,
): Operation {
  const required = args.filter(isRequiredArgument);
  const declared = required.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = required.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const around = (text: string) => (text === '' ? '' : `(${text})`);
  const selection = isLeafType(getNamedType(type)) ? '' : ` { ${select(type)} }`;
  return {
    query: `${kind} ${around(declared)} { ${name}${around(passed)}${selection} }`,
    variables: Object.fromEntries(
      required.map((arg) => [arg.name, values[arg.name] ?? leastValue(arg.type, values)]),
    ),
  };
}

const SCALARS: Readonly<Record<string, unknown>> = {
  ID: 'LlmCall:00000000-0000-4000-8000-000000000000',
  String: 'x',
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-11-22T12:00:00Z',
  Duration: 'P1D',
  TimeZone: 'UTC',
  AttributePath: 'region',
  UUID: '00000000-0000-4000-8000-000000000000',
  JSON: {},
  SafeInt: 1,
  Tags: {},
};

function leastValue(type: GraphQLInputType, values: NonNullable<Wishes['values']>): unknown {
  if (isNonNullType(type)) return leastValue(type.ofType, values);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
    return Object.fromEntries(
      given.map(({ name, type: of }) => [name, values[name] ?? leastValue(of, values)]),
    );
  }
  if (!(type.name in SCALARS)) throw new Error(`Give a value of the scalar ${type.name}`);
  return SCALARS[type.name];
}
