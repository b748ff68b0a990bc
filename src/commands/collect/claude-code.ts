import { claudeCodeLog } from './sessions/claude-code/log.ts';
import { defineSessionCommand } from './sessions/command.ts';

/** `telltale collect claude-code`: records the sessions of Claude Code through the ingest path. */
export const collectClaudeCodeCommand = defineSessionCommand(claudeCodeLog, [
  ['telltale collect claude-code --dry-run', 'Show what would be sent'],
  ['telltale collect claude-code', 'Record what is not recorded yet'],
  [
    'telltale collect claude-code --follow --url=https://telltale.example.com/graphql',
    'Keep recording sessions to a server, with the key of TELLTALE_API_KEY',
  ],
  [
    'telltale collect claude-code --under=.. --since=2026-05-01',
    'Only sessions below the parent folder, since a date',
  ],
]);
