import { defineCommand } from 'citty';

/** `telltale collect …`: records what goes on around the server. */
export const collectCommand = defineCommand({
  meta: { name: 'collect', description: 'Record what goes on here: how this machine does.' },
  subCommands: {
    system: async () => (await import('./collect/system.ts')).collectSystemCommand,
  },
});
