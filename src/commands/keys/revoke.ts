import { JSON_ARGUMENT } from '../output.ts';
import { defineCommand } from '../program/define-command.ts';
import { withServices } from './with-services.ts';

/** `telltale keys revoke ID`. */
export const revokeKeyCommand = defineCommand({
  meta: {
    name: 'revoke',
    description: 'Revoke an API key. It stops working within seconds, open subscriptions included.',
  },
  args: {
    id: { type: 'positional', required: true, description: 'The id, as `keys list` shows it' },
    ...JSON_ARGUMENT,
  },
  examples: [['telltale keys revoke 0198c5b2-8f3e-7d41-a1f4-5b2f0a9c6d17', 'Revoke a key that leaked']],
  run: ({ args }) =>
    withServices(args, async ({ keys }) => {
      const key = await keys.revoke(args.id, 'ALL');
      const lines = [`Revoked ${key.start}… (${key.id}) at ${key.revokedAt?.toISOString()}.`];
      return { result: { key }, lines };
    }),
});
