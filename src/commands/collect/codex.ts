import { codexLog } from './sessions/codex/log.ts';
import { defineSessionCommand } from './sessions/command.ts';

/** `telltale collect codex`: records the sessions of Codex through the ingest path. */
export const collectCodexCommand = defineSessionCommand(codexLog, [
  ['telltale collect codex --dry-run', 'Show what would be sent'],
  ['telltale collect codex --follow', 'Record what is new, and keep recording sessions'],
  ['telltale collect codex --skip=agentUsage', 'Leave out a dataset'],
]);
