import { cutText } from '../core/cut-text.ts';
import { messageOf } from '../core/thrown.ts';
import { openAsker } from './mcp/open-asker.ts';
import { defineCommand } from './program/define-command.ts';
import { stoppableBySignal } from './stoppable.ts';

const PROBLEM_CHARACTERS = 300;

/**
 * `telltale mcp`: lets an agent ask questions, by the Model Context Protocol on standard input and
 * output.
 */
export const mcpCommand = defineCommand({
  meta: {
    name: 'mcp',
    description:
      'Let a coding agent query Telltale over the Model Context Protocol, on standard input and output. ' +
      'The agent starts this command. It only reads. See docs/mcp.md.',
  },
  args: {
    url: {
      type: 'string',
      description: 'GraphQL endpoint of a running server. Default: TELLTALE_URL, else that of HOST and PORT',
    },
    database: {
      type: 'string',
      valueHint: 'URL',
      description: 'Query this database (file:… or postgresql://…) without a server',
    },
  },
  examples: [
    ['claude mcp add telltale -- npx telltale mcp', 'Let Claude Code query the server on this machine'],
    [
      'TELLTALE_API_KEY=tlt_… telltale mcp --url=https://telltale.example.com/graphql',
      'Query another server, with a key that has the scope READ',
    ],
    ['telltale mcp --database=file:./data/telltale.db', 'Query a database without a server'],
  ],
  async run({ args }) {
    const [{ asker, close }, { serveStdio }] = await Promise.all([
      openAsker(args),
      import('../mcp/serve-stdio.ts'),
    ]);
    try {
      await stoppableBySignal((signal) =>
        serveStdio({
          asker,
          signal,
          input: process.stdin,
          output: process.stdout,
          onUnexpected(error) {
            process.stderr.write(`${error instanceof Error ? error.stack : messageOf(error)}\n`);
            return `INTERNAL: Unexpected error: ${messageOf(error)}. The log of this MCP server has its stack.`;
          },
          onProblem(error) {
            const reason = cutText(error.message.replace(/\s+/g, ' '), PROBLEM_CHARACTERS);
            process.stderr.write(`A message could not be read or sent: ${reason}\n`);
          },
        }),
      );
    } finally {
      await close();
    }
  },
});
