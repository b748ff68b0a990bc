import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { encodeGlobalId } from '../../core/global-id.ts';
import type { Entity } from './entity.ts';

/**
 * Makes nodes return their ids synchronously. The Relay plugin returns a promise for each id, which
 * accounts for a sixth of the time of a list of 50 calls.
 */
export function withPlainIds(schema: GraphQLSchema): GraphQLSchema {
  const node = schema.getType('Node');
  if (!isInterfaceType(node)) throw new Error('The schema has no interface Node');
  for (const type of schema.getPossibleTypes(node)) {
    const field = type.getFields()['id'];
    if (field !== undefined) field.resolve = ({ id }: Entity) => encodeGlobalId(type.name, id);
  }
  return schema;
}
