import { defineCommand } from './program/define-command.ts';

/** `telltale keys`: creates, lists and revokes API keys, with or without a running server. */
export const keysCommand = defineCommand({
  meta: {
    name: 'keys',
    description: 'Create, list, revoke and check API keys, and end read tokens. See docs/access.md.',
  },
  subCommands: {
    create: async () => (await import('./keys/create.ts')).createKeyCommand,
    list: async () => (await import('./keys/list.ts')).listKeysCommand,
    revoke: async () => (await import('./keys/revoke.ts')).revokeKeyCommand,
    'end-tokens': async () => (await import('./keys/end-tokens.ts')).endTokensCommand,
    check: async () => (await import('./keys/check.ts')).checkKeyCommand,
  },
});
