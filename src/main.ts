#!/usr/bin/env node
import { defineCommand, runMain } from 'citty';
import { checkArguments } from './commands/check-arguments.ts';
import { withClearFailures } from './commands/failures.ts';

const main = defineCommand({
  meta: {
    name: 'telltale',
    description: 'A GraphQL analytics server for LLM-backed services and coding agents.',
  },
  default: 'serve',
  subCommands: {
    serve: async () => (await import('./commands/serve.ts')).serve,
    demo: async () => (await import('./commands/demo.ts')).demoCommand,
    import: async () => (await import('./commands/import.ts')).importCommand,
    retention: async () => (await import('./commands/retention.ts')).retention,
    keys: async () => (await import('./commands/keys.ts')).keysCommand,
    collect: async () => (await import('./commands/collect.ts')).collectCommand,
    migrate: async () => (await import('./commands/migrate.ts')).migrate,
    schema: async () => (await import('./commands/schema.ts')).schema,
  },
});

await withClearFailures(async () => {
  const rawArgs = await checkArguments(main, process.argv.slice(2), process.env);
  await runMain(main, { rawArgs });
});
