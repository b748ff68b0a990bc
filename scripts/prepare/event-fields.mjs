import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inPackage } from './paths.mjs';

const output = inPackage('client', 'src', 'generated', 'event-fields.ts');

/**
 * Writes which fields the events of each dataset have, from `ActivityInput` of schema.graphql: at
 * run time the client no longer has the compiler's types.
 *
 * @throws {Error} if the schema has no datasets
 */
export async function writeEventFields() {
  // Not at the top of the file, which is loaded before anything is installed.
  const { buildSchema, getNamedType, isInputObjectType } = await import('graphql');
  const schema = buildSchema(readFileSync(inPackage('schema.graphql'), 'utf8'), { assumeValid: true });
  const activity = schema.getType('ActivityInput');
  if (!isInputObjectType(activity)) throw new Error('schema.graphql has no input ActivityInput.');
  const datasets = Object.values(activity.getFields()).map((dataset) => {
    const event = getNamedType(dataset.type);
    if (!isInputObjectType(event)) throw new Error(`ActivityInput.${dataset.name} takes no events.`);
    return `  ${dataset.name}: ${JSON.stringify(Object.keys(event.getFields()))},`;
  });
  const text = `/** The fields that events have, by dataset. */
export const EVENT_FIELDS = {
${datasets.join('\n')}
};
`;
  if (existsSync(output) && readFileSync(output, 'utf8') === text) return;
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, text);
}
