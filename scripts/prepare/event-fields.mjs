// A plugin of GraphQL Code Generator for the types of the client's events. What the compiler knows
// of them is gone when the client runs, so this writes it as a value.
import { getNamedType, isInputObjectType } from 'graphql';

/**
 * Writes which fields the events of each dataset have, by `ActivityInput`.
 *
 * @param {import('graphql').GraphQLSchema} schema
 * @returns {string}
 * @throws {Error} if the schema has no datasets
 */
export function plugin(schema) {
  const activity = schema.getType('ActivityInput');
  if (!isInputObjectType(activity)) throw new Error('schema.graphql has no input ActivityInput.');
  const datasets = Object.values(activity.getFields()).map((dataset) => {
    const event = getNamedType(dataset.type);
    if (!isInputObjectType(event)) throw new Error(`ActivityInput.${dataset.name} takes no events.`);
    return `  ${dataset.name}: ${JSON.stringify(Object.keys(event.getFields()))},`;
  });
  return `
/** The fields that events have, by dataset. */
export const EVENT_FIELDS: Readonly<Record<keyof ActivityInput, readonly string[]>> = {
${datasets.join('\n')}
};
`;
}
