import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from 'citty';
import { packageFolder } from '../storage/package-folder.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { withClearFailures } from './failures.ts';
import { checkArguments } from './program/check-arguments.ts';
import { type Command, defineCommand } from './program/define-command.ts';
import { describeCommand } from './program/describe-command.ts';
import { findCommand } from './program/find-command.ts';
import { renderHelp } from './program/help.ts';
import { optimizeWasmLater } from './wasm-tiering.ts';

/** `telltale`. A command is loaded when it runs, or when all commands are described. */
export const telltale: Command = defineCommand({
  meta: {
    name: 'telltale',
    description: 'A GraphQL analytics server for LLM-backed services and coding agents.',
  },
  default: 'serve',
  subCommands: {
    serve: async () => (await import('./serve.ts')).serve,
    demo: async () => (await import('./demo.ts')).demoCommand,
    backup: async () => (await import('./backup.ts')).backupCommand,
    backups: async () => (await import('./backups.ts')).backupsCommand,
    restore: async () => (await import('./restore.ts')).restoreCommand,
    migrate: async () => (await import('./migrate.ts')).migrate,
    import: async () => (await import('./import.ts')).importCommand,
    export: async () => (await import('./export.ts')).exportCommand,
    copy: async () => (await import('./copy.ts')).copyCommand,
    collect: async () => (await import('./collect.ts')).collectCommand,
    'agent-env': async () => (await import('./agent-env.ts')).agentEnv,
    mcp: async () => (await import('./mcp.ts')).mcpCommand,
    keys: async () => (await import('./keys.ts')).keysCommand,
    retention: async () => (await import('./retention.ts')).retention,
    compact: async () => (await import('./compact.ts')).compactCommand,
    verify: async () => (await import('./verify.ts')).verify,
    rollups: async () => (await import('./rollups.ts')).rollupsCommand,
    doctor: async () => (await import('./doctor.ts')).doctor,
    config: async () => (await import('./config.ts')).configCommand,
    schema: async () => (await import('./schema.ts')).schema,
    completion: async () => (await import('./completion.ts')).createCompletion(() => telltale),
  },
  examples: [
    ['telltale', 'Serve the database of DATABASE_URL (file:./data/telltale.db) at http://127.0.0.1:4000'],
    ['telltale demo', 'Explore a generated month of traffic'],
    ['telltale import csv calls.csv', 'Record the rows of a file'],
  ],
});

const HELP = new Set(['--help', '-h']);
const VERSION = new Set(['--version', '-v']);

/** Runs the command that the words name, in the environment of this process. */
export async function runTelltale(words: readonly string[]): Promise<void> {
  optimizeWasmLater();
  try {
    await withClearFailures(() => run(words));
  } catch (error) {
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${stack}\n\nThis is a bug in Telltale ${version()}: please report it.\n`);
    // Threads and connections may still be open.
    process.exit(EXIT_CODES.failed);
  }
}

async function run(words: readonly string[]): Promise<void> {
  const [first = ''] = words;
  if (words.length === 1 && VERSION.has(first)) {
    process.stdout.write(`${version()}\n`);
  } else if (words.some((word) => HELP.has(word))) {
    const named = words.filter((word) => !HELP.has(word));
    const { command, path } = await findCommand(telltale, named, { forHelp: true });
    process.stdout.write(renderHelp(await describeCommand(command, path)));
  } else {
    await runCommand(telltale, { rawArgs: await checkArguments(telltale, words, process.env) });
  }
}

function version(): string {
  return JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')).version;
}
