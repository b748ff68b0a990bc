import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { datasets } from '../../../src/declarations/registry.ts';

/** The depth to which answers are selected. */
const DEPTH = 2;

/** A query about a range of time, or the last days, other than the analytics of a dataset. */
export interface RangedQuery {
  readonly name: string;
  readonly takes: 'range' | 'days';
  readonly hasZone: boolean;
  /** A selection of its whole answer. */
  readonly selection: string;
}

/** All of them, from the schema, so that a query that is added later is included. */
export function rangedQueries(schema: GraphQLSchema): RangedQuery[] {
  const analytics = new Set(datasets.map(({ fields }) => fields.analytics));
  return Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((field) => {
    const has = (name: string) => field.args.some((argument) => argument.name === name);
    if (analytics.has(field.name) || !(has('range') || has('days'))) return [];
    const selection = selectionOf(field.type, DEPTH);
    return [
      { name: field.name, takes: has('range') ? 'range' : 'days', hasZone: has('timeZone'), selection },
    ];
  });
}

function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).flatMap((field) => selected(field, depth));
  return `{ ${fields.join(' ')} }`;
}

function selected(field: GraphQLField<unknown, unknown>, depth: number): string[] {
  const named = getNamedType(field.type);
  if (field.args.some(isRequiredArgument)) return [];
  if (isLeafType(named)) return [field.name];
  if (depth === 0 || !isObjectType(named)) return [];
  return [`${field.name} ${selectionOf(field.type, depth - 1)}`];
}
