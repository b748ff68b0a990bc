import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { TelltaleError } from '../../core/errors.ts';
import { datasets } from '../../declarations/registry.ts';
import { EXAMPLES } from './examples.ts';
import { readableTypes } from './readable.ts';
import { searchSchema } from './search.ts';
import { fieldText, firstSentence, typeText } from './text-of.ts';

const HITS = 30;
const MAX_AROUND = 25;

/**
 * Describes what `topic` names, in few characters: a type, a field of `Query`, a field of a type
 * (`LlmCall.cost`), or words to search for. Without a topic: an overview.
 *
 * @throws TelltaleError NOT_FOUND if nothing matches
 */
export function describeTopic(schema: GraphQLSchema, topic: string): string {
  const types = readableTypes(schema);
  const queries = schema.getQueryType()?.getFields() ?? {};
  const wanted = topic.trim().replace(/^Query\./, '');
  if (wanted === '' || wanted === 'Query') return overview(queries);
  if (wanted.toLowerCase() === 'examples') return examplesText();
  const field = named(Object.values(queries), wanted);
  if (field !== undefined) return queryText(field);
  const type = named([...types.values()], wanted);
  if (type !== undefined) return typeParts(type).join('\n\n') || `scalar ${type.name}`;
  return partText(types, wanted) ?? found(types, wanted);
}

type Queries = Readonly<Record<string, GraphQLField<unknown, unknown>>>;

/** The item with this name. Ignores case if no name matches exactly. */
function named<Named extends { readonly name: string }>(
  all: readonly Named[],
  wanted: string,
): Named | undefined {
  const lower = wanted.toLowerCase();
  return all.find(({ name }) => name === wanted) ?? all.find(({ name }) => name.toLowerCase() === lower);
}

function overview(queries: Queries): string {
  const ofDatasets = new Set(datasets.flatMap(({ name, fields }) => [name, fields.analytics]));
  const recorded = datasets.filter(({ name }) => name in queries);
  return [
    'Name a `topic` to see more: a field of Query ("llmCallAnalytics"), a type ("LlmCallFilter"), a part of',
    'one ("LlmCall.cost"), words to search for ("latency release"), or "examples" for queries that work.',
    '',
    'Each dataset has a list of its events, and analytics over them:',
    ...recorded.map(
      ({ name, fields, description }) => `  ${name}, ${fields.analytics}  # ${firstSentence(description)}`,
    ),
    '',
    'Lists: `first`, `after`, `filter`, `orderBy` → nodes { … } pageInfo { endCursor hasNextPage } totalCount.',
    '  The newest come first. Filters: { model: { eq: "gpt-4o" }, latencyMs: { gt: 500 }, or: [ … ] }.',
    'Analytics: `range`, `filter` → totals, groups, series, previous, distinct, histogram. Statistics:',
    '  count, errorRate, and for each measure sum avg min max p50 p95 p99. `dimensions` chooses the groups.',
    'Ranges: { last: "P7D" }, { from: "2026-11-01T00:00:00Z", to: … }, { calendar: THIS_MONTH, timeZone: … }.',
    '',
    'Other queries:',
    ...Object.values(queries)
      .filter(({ name }) => !ofDatasets.has(name))
      .map(({ name, description }) => `  ${name}  # ${firstSentence(description)}`),
  ].join('\n');
}

const examplesText = (): string =>
  EXAMPLES.map(({ question, document }) => `# ${question}\n${document}`).join('\n\n');

/** A query with its result, the types within, its inputs, and an example if there is one. */
function queryText(field: GraphQLField<unknown, unknown>): string {
  const returned = itemsOf(getNamedType(field.type));
  const example = EXAMPLES.find(({ document }) => new RegExp(`\\b${field.name}\\b`).test(document));
  const ofArguments = field.args.map(({ type }) => getNamedType(type));
  const inputs = new Set(ofArguments.filter((type) => isInputObjectType(type) || isEnumType(type)));
  return [
    fieldText(field),
    ...typeParts(returned),
    ...(inputs.size === 0 ? [] : [`# Types of its arguments: ${[...inputs].join(', ')}. Each is a topic.`]),
    ...(example === undefined ? [] : [`# Example: ${example.question}\n${example.document}`]),
  ].join('\n\n');
}

/** A type, and the field names of the types around it. Omits scalars, which are well known. */
function typeParts(type: GraphQLNamedType): readonly string[] {
  if (isSpecifiedScalarType(type)) return [];
  const around = typesAround(type).map((one) => `#   ${one.name}: ${Object.keys(one.getFields()).join(' ')}`);
  const names = around.length === 0 ? [] : [`# The fields of these types:\n${around.join('\n')}`];
  return [typeText(type), ...names];
}

/** The types of its fields. For analytics and the like, also the types within. */
function typesAround(type: GraphQLNamedType): readonly GraphQLObjectType[] {
  const seen = new Set<GraphQLNamedType>([type]);
  const next = (from: GraphQLNamedType): readonly GraphQLObjectType[] => {
    if (!isObjectType(from)) return [];
    const types = Object.values(from.getFields()).map((field) => itemsOf(getNamedType(field.type)));
    return types.filter(isObjectType).filter((one) => !seen.has(one) && seen.add(one));
  };
  const direct = next(type);
  // An entity that a type leads to is not part of it.
  const within = direct.filter((one) => !isEntity(one)).flatMap(next);
  return [...direct, ...within].filter((one) => !isEntity(one)).slice(0, MAX_AROUND);
}

const isEntity = (type: GraphQLObjectType): boolean =>
  type.getInterfaces().some(({ name }) => name === 'Node');

/** For a page of a list, the type of its nodes. */
function itemsOf(type: GraphQLNamedType): GraphQLNamedType {
  const nodes =
    isObjectType(type) && type.name.endsWith('Connection') ? type.getFields()['nodes'] : undefined;
  return nodes === undefined ? type : getNamedType(nodes.type);
}

/** `Type.field` with its whole description. Null if there is none. */
function partText(types: ReadonlyMap<string, GraphQLNamedType>, wanted: string): string | null {
  const [typeName = '', partName = '', ...others] = wanted.split('.');
  const type = named([...types.values()], typeName);
  if (type === undefined || partName === '' || others.length > 0) return null;
  if (isObjectType(type)) {
    const field = named(Object.values(type.getFields()), partName);
    if (field === undefined) return null;
    return [fieldText(field), ...typeParts(itemsOf(getNamedType(field.type)))].join('\n\n');
  }
  if (!isInputObjectType(type) && !isEnumType(type)) return null;
  const parts = isEnumType(type) ? type.getValues() : Object.values(type.getFields());
  const part = named<{ name: string; description?: string | null | undefined }>([...parts], partName);
  return part === undefined ? null : `# ${part.description ?? ''}\n${type.name}.${part.name}`;
}

function found(types: ReadonlyMap<string, GraphQLNamedType>, wanted: string): string {
  const { lines, total } = searchSchema(types.values(), wanted, HITS);
  if (total === 0) {
    throw new TelltaleError(
      'NOT_FOUND',
      `Nothing in the schema contains a word of "${wanted.slice(0, 100)}". Try other words, such ` +
        'as "cost", or omit `topic` for an overview.',
    );
  }
  const more = total > lines.length ? [`# ${total - lines.length} more. Add a word to find fewer.`] : [];
  return [...lines, ...more].join('\n');
}
