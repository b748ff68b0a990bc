import { defineCommand } from './program/define-command.ts';

/** `telltale rollups`: compares the totals with the rows, and rebuilds them. */
export const rollupsCommand = defineCommand({
  meta: {
    name: 'rollups',
    description: 'Compare the totals per minute, hour and day with the rows, or rebuild them.',
  },
  subCommands: {
    verify: async () => (await import('./rollups/verify.ts')).verifyRollupsCommand,
    rebuild: async () => (await import('./rollups/rebuild.ts')).rebuildRollupsCommand,
  },
});
