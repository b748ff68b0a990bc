import type { FilterFieldKind } from '../../core/filter-value.ts';
import { FILTER_OPERATORS } from '../../core/normalize-filter.ts';
import type { InputBuilder } from '../builder.ts';
import type { DerivedEnum, DerivedInput } from '../entities/column-types.ts';
import type { TypeRegistry } from '../type-registry.ts';

const NEGATION = 'Also matches events without a value.';

/** The operators, with their descriptions. `list`: the operand is a list. */
const OPERATORS = {
  eq: { list: false, description: 'Equal to this value. `eq: null` matches an absent value.' },
  ne: {
    list: false,
    description: `Not equal to this value. ${NEGATION} \`ne: null\` matches any present value.`,
  },
  in: { list: true, description: 'One of these.' },
  notIn: { list: true, description: `None of these. ${NEGATION}` },
  contains: {
    list: false,
    description: 'Contains this text. Case-sensitive, without wildcards.',
  },
  startsWith: {
    list: false,
    description: 'Starts with this text. Case-sensitive, without wildcards.',
  },
  gt: { list: false, description: 'Greater than; later than.' },
  gte: { list: false, description: 'Greater than or equal; at or later than.' },
  lt: { list: false, description: 'Less than; earlier than.' },
  lte: { list: false, description: 'Less than or equal; at or earlier than.' },
  has: { list: false, description: 'The list contains this text.' },
  hasSome: {
    list: true,
    description: 'The list contains at least one of these. An empty list never matches.',
  },
  hasEvery: { list: true, description: 'The list contains all of these. An empty list always matches.' },
} as const;

/** The operator input for each scalar. */
const SCALAR_FILTERS = {
  String: { name: 'TextFilter', kind: 'text', tests: 'a text' },
  Int: { name: 'IntFilter', kind: 'number', tests: 'a whole number' },
  SafeInt: { name: 'SafeIntFilter', kind: 'number', tests: 'a large whole number' },
  Float: { name: 'FloatFilter', kind: 'number', tests: 'a number' },
  DateTime: { name: 'DateTimeFilter', kind: 'timestamp', tests: 'an instant' },
  Boolean: { name: 'BooleanFilter', kind: 'boolean', tests: 'a Boolean' },
  UUID: { name: 'UUIDFilter', kind: 'uuid', tests: 'a UUID' },
  ID: { name: 'IdFilter', kind: 'uuid', tests: 'an id, given as a global id or as a bare UUID' },
} as const satisfies Record<string, { name: string; kind: FilterFieldKind; tests: string }>;

export type FilterScalar = keyof typeof SCALAR_FILTERS;

/** The operator input for a scalar. */
export function scalarFilter(types: TypeRegistry, scalar: FilterScalar): DerivedInput {
  const { name, kind, tests } = SCALAR_FILTERS[scalar];
  return operatorInput(types, { name, kind, tests, operand: scalar });
}

/** The operator input for lists of texts. */
export function listFilter(types: TypeRegistry): DerivedInput {
  return operatorInput(types, {
    name: 'TextListFilter',
    kind: 'texts',
    tests: 'a list of texts',
    operand: 'String',
  });
}

/** The operator input for an enum. */
export function enumFilter(types: TypeRegistry, enumName: string, values: DerivedEnum): DerivedInput {
  return operatorInput(types, {
    name: `${enumName}Filter`,
    kind: 'enum',
    tests: `a value of ${enumName}`,
    operand: values,
  });
}

/** `AttributeFilter`: the operator input for an attribute. */
export function attributeFilter(types: TypeRegistry): DerivedInput {
  return types.once('AttributeFilter', (builder) =>
    builder.inputRef<Record<string, unknown>>('AttributeFilter').implement({
      description:
        'Tests an attribute: a value within the `attributes` of an event. All given operators must ' +
        'match. A test matches only values of the same type as its operand: `gt: 2` matches no ' +
        'text.',
      fields: (t) => ({
        path: t.field({ type: 'AttributePath', required: true, description: 'The attribute.' }),
        ...Object.fromEntries(
          FILTER_OPERATORS.attribute.map((operator) => {
            const isOfText = operator === 'contains' || operator === 'startsWith';
            return [operator, operatorField(t, operator, isOfText ? 'String' : 'JSON')];
          }),
        ),
      }),
    }),
  );
}

/** `TagFilter`: the operator input for a tag. */
export function tagFilter(types: TypeRegistry): DerivedInput {
  return types.once('TagFilter', (builder) =>
    builder.inputRef<Record<string, unknown>>('TagFilter').implement({
      description: 'Tests a tag: a text within the `tags` of an event. All given operators must match.',
      fields: (t) => ({
        key: t.string({ required: true, description: 'The key of the tag, such as "team".' }),
        ...Object.fromEntries(
          FILTER_OPERATORS.tag.map((operator) => [operator, operatorField(t, operator, 'String')]),
        ),
      }),
    }),
  );
}

/**
 * The field of an operator. Pothos infers the TypeScript type of its values from the operand's
 * type. For derived inputs it cannot know that type, so all of them pass as text.
 */
function operatorField(
  t: InputBuilder,
  operator: keyof typeof OPERATORS,
  operand: FilterScalar | 'JSON' | DerivedEnum,
) {
  const { list, description } = OPERATORS[operator];
  return t.field({ type: (list ? [operand] : operand) as 'String', description });
}

interface OperatorInput {
  readonly name: string;
  readonly kind: FilterFieldKind;
  /** Shown to users: what the filter tests, such as "a text". */
  readonly tests: string;
  readonly operand: FilterScalar | DerivedEnum;
}

function operatorInput(types: TypeRegistry, { name, kind, tests, operand }: OperatorInput): DerivedInput {
  return types.once(name, (builder) =>
    builder.inputRef<Record<string, unknown>>(name).implement({
      description: `Tests ${tests}. All given operators must match.`,
      fields: (t) =>
        Object.fromEntries(
          FILTER_OPERATORS[kind].map((operator) => [operator, operatorField(t, operator, operand)]),
        ),
    }),
  );
}
