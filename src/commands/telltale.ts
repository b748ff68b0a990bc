import { defineCommand, runMain } from 'citty';
import { checkArguments } from './check-arguments.ts';
import { withClearFailures } from './failures.ts';

/** `telltale`: a command is loaded when it is run. */
const telltale = defineCommand({
  meta: {
    name: 'telltale',
    description: 'A GraphQL analytics server for LLM-backed services and coding agents.',
  },
  default: 'serve',
  subCommands: {
    serve: async () => (await import('./serve.ts')).serve,
    demo: async () => (await import('./demo.ts')).demoCommand,
    import: async () => (await import('./import.ts')).importCommand,
    retention: async () => (await import('./retention.ts')).retention,
    verify: async () => (await import('./verify.ts')).verify,
    rollups: async () => (await import('./rollups.ts')).rollupsCommand,
    compact: async () => (await import('./compact.ts')).compactCommand,
    keys: async () => (await import('./keys.ts')).keysCommand,
    collect: async () => (await import('./collect.ts')).collectCommand,
    migrate: async () => (await import('./migrate.ts')).migrate,
    schema: async () => (await import('./schema.ts')).schema,
  },
});

/** Runs the command that the words name, in the environment of this process. */
export async function runTelltale(words: readonly string[]): Promise<void> {
  await withClearFailures(async () => {
    const rawArgs = await checkArguments(telltale, words, process.env);
    await runMain(telltale, { rawArgs });
  });
}
