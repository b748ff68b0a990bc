import { defineCommand } from 'citty';

/** `telltale collect …`: records what goes on around the server. */
export const collectCommand = defineCommand({
  meta: {
    name: 'collect',
    description: 'Record what goes on here: the commits of a git repository, how this machine does.',
  },
  subCommands: {
    git: async () => (await import('./collect/git.ts')).collectGitCommand,
    system: async () => (await import('./collect/system.ts')).collectSystemCommand,
  },
});
