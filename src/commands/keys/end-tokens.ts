import { defineCommand } from 'citty';
import { withServices } from './with-services.ts';

/** `telltale keys end-tokens`. */
export const endTokensCommand = defineCommand({
  meta: {
    name: 'end-tokens',
    description: 'End all read tokens, by a new signing key. They stop working within seconds.',
  },
  run: () =>
    withServices(async ({ readTokens }) => {
      await readTokens.endAll();
      return ['Ended all read tokens. API keys still work, and may make new ones.'];
    }),
});
