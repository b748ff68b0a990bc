import * as z from 'zod';
import { cutText } from '../../core/cut-text.ts';
import { readableSchema } from '../answers.ts';
import { describeTopic } from '../schema/describe.ts';
import { defineTool } from '../tool.ts';

/** About 4,000 tokens. The whole schema has ten times as many lines as fit. */
const MAX_CHARACTERS = 16_000;

/** `describe_schema`: the part of the schema that a question needs. */
export const describeSchema = defineTool({
  name: 'describe_schema',
  title: 'Look up the GraphQL schema',
  description:
    'Shows what `query` can ask for. Without a topic, an overview; with a topic, the part of the ' +
    'schema that it names, in a few lines with the meaning and the unit of each field.',
  input: z.strictObject({
    topic: z
      .string()
      .max(200)
      .default('')
      .describe(
        'A query ("llmCallAnalytics"), a type ("LlmCallFilter"), a field ("LlmCall.cost"), words to search ' +
          'for ("latency release"), or "examples". Default: an overview.',
      ),
  }),
  output: z.object({ description: z.string(), isCut: z.boolean().describe('True if the end is missing.') }),
  async run({ topic }, asker) {
    const whole = describeTopic(await readableSchema(asker), topic);
    const isCut = whole.length > MAX_CHARACTERS;
    const text = isCut
      ? `${cutText(whole, MAX_CHARACTERS)}\n# The rest is omitted. Name a field ("Type.field") to ` +
        'see all of it.'
      : whole;
    return { structured: { description: text, isCut }, text };
  },
});
