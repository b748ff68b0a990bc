import { JSON_ARGUMENT } from '../output.ts';
import { defineCommand } from '../program/define-command.ts';
import { withServices } from './with-services.ts';

/** `telltale keys end-tokens`. */
export const endTokensCommand = defineCommand({
  meta: {
    name: 'end-tokens',
    description: 'End all read tokens by replacing the signing key. They stop working within seconds.',
  },
  examples: [['telltale keys end-tokens', 'End all read tokens after one leaked; API keys still work']],
  args: JSON_ARGUMENT,
  run: ({ args }) =>
    withServices(args, async ({ readTokens }) => {
      await readTokens.endAll();
      const lines = ['Ended all read tokens. API keys still work, and can create new ones.'];
      return { result: { ended: true }, lines };
    }),
});
