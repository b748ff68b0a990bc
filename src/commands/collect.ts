import { defineCommand } from './program/define-command.ts';

/** `telltale collect …`: records data from sources outside the server. */
export const collectCommand = defineCommand({
  meta: {
    name: 'collect',
    description:
      'Record data from this machine: the commits of a git repository, the sessions of coding agents, or ' +
      'the use of its resources.',
  },
  subCommands: {
    git: async () => (await import('./collect/git.ts')).collectGitCommand,
    'claude-code': async () => (await import('./collect/claude-code.ts')).collectClaudeCodeCommand,
    codex: async () => (await import('./collect/codex.ts')).collectCodexCommand,
    system: async () => (await import('./collect/system.ts')).collectSystemCommand,
  },
});
