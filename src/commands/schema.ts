import { defineCommand } from './program/define-command.ts';

/** `telltale schema`: the GraphQL schema, as committed in schema.graphql. */
export const schema = defineCommand({
  meta: { name: 'schema', description: 'Print the GraphQL schema.' },
  examples: [['telltale schema > schema.graphql', 'Write the schema for an editor or a code generator']],
  async run() {
    const { printSchemaSDL } = await import('../schema.ts');
    // A reader that closes the pipe early (`telltale schema | head`) is not an error.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
    process.stdout.write(printSchemaSDL());
  },
});
