import { defineCommand } from 'citty';
import { withServices } from './with-services.ts';

/** `telltale keys revoke ID`. */
export const revokeKeyCommand = defineCommand({
  meta: {
    name: 'revoke',
    description: 'Revoke an API key. It stops working within seconds, open subscriptions included.',
  },
  args: { id: { type: 'positional', required: true, description: 'The id, as `keys list` shows it' } },
  run: ({ args: { id } }) =>
    withServices(async ({ keys }) => {
      const { start, revokedAt } = await keys.revoke(id, 'ALL');
      return [`Revoked ${start}… (${id}) at ${revokedAt?.toISOString()}.`];
    }),
});
