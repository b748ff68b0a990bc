import { loadConfig } from '../config/config.ts';
import { namesOf } from '../core/named.ts';
import { joinAttributes, readAttributes } from './agent-env/resource-attributes.ts';
import { quoted, type Receiver, TOOLS, type ToolNeeds } from './agent-env/tools.ts';
import { localUrl } from './import/open-target.ts';
import { UsageError } from './import/options.ts';
import { defineCommand } from './program/define-command.ts';
import { quietEnvironment } from './quiet-environment.ts';

const RESOURCE = 'OTEL_RESOURCE_ATTRIBUTES';

/**
 * `telltale agent-env`: what a shell needs so that coding agents send their telemetry, and say
 * whose work it is.
 */
export const agentEnv = defineCommand({
  meta: {
    name: 'agent-env',
    description:
      'Print shell variables that name the repository, branch, agent and task in telemetry ' +
      '(OTEL_RESOURCE_ATTRIBUTES). With the name of a tool, also print what it needs to send to Telltale ' +
      'over OTLP. The key comes from TELLTALE_API_KEY. See docs/otlp.md.',
  },
  args: {
    claude: { type: 'boolean', description: 'Also print what Claude Code needs', default: false },
    codex: {
      type: 'boolean',
      description: 'Also print what Codex CLI needs: lines for its settings, on standard error',
      default: false,
    },
    gemini: { type: 'boolean', description: 'Also print what Gemini CLI needs', default: false },
    task: { type: 'string', valueHint: 'ID', description: 'The task that the agent works on' },
    agent: { type: 'string', valueHint: 'ID', description: 'The agent; default: the user and this machine' },
    repo: {
      type: 'string',
      valueHint: 'DIR',
      description: 'The repository, or a folder in it',
      default: '.',
    },
    url: {
      type: 'string',
      description: 'The URL of the server; default: TELLTALE_URL, else http at HOST and PORT',
    },
  },
  examples: [
    [
      'eval "$(telltale agent-env --claude --task=TASK-42)"',
      'Let Claude Code send telemetry from this shell',
    ],
    ['telltale agent-env', 'Show the variables for the repository, the branch and the agent'],
    ['telltale agent-env --codex --gemini --url=https://telltale.example', 'Send to another machine'],
  ],
  async run({ args }) {
    const receiver = receiverOf(args.url);
    const { repo: folder, agent, task } = args;
    const { attributes, problem } = await readAttributes({ folder, agent, task });
    const chosen = namesOf(TOOLS).filter((tool) => args[tool]);
    const needs = chosen.map((tool) => TOOLS[tool](receiver));
    if (problem !== null) process.stderr.write(`No repository and no branch: ${problem}\n`);
    if (chosen.length > 0 && !process.env.TELLTALE_API_KEY)
      process.stderr.write(
        'TELLTALE_API_KEY is not set: a server that has keys rejects telemetry without one.\n',
      );
    for (const { note } of needs) if (note !== undefined) process.stderr.write(`${note}\n`);
    process.stdout.write(render(joinAttributes(process.env[RESOURCE], attributes), needs));
  },
});

/** @throws UsageError for an invalid address */
function receiverOf(url: string | undefined): Receiver {
  const { TELLTALE_API_KEY: key, TELLTALE_PROJECT: project, TELLTALE_URL: named } = process.env;
  const headers = {
    ...(key && { Authorization: `Bearer ${key}` }),
    ...(project && { 'Telltale-Project': project }),
  };
  const address = url ?? (named || localUrl(loadConfig(quietEnvironment())));
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    const name = url === undefined ? 'TELLTALE_URL' : '--url';
    throw new UsageError(`${name}: ${address} is not an http URL, such as http://127.0.0.1:4000.`);
  }
  // Other commands take the address of GraphQL. OTLP is beside it.
  return { url: address.replace(/\/+$/, '').replace(/\/graphql$/, ''), headers };
}

function render(attributes: string, needs: readonly ToolNeeds[]): string {
  const variables = Object.assign({ [RESOURCE]: attributes }, ...needs.map((one) => one.variables));
  const lines = Object.entries<string>(variables);
  return lines.map(([name, value]) => `export ${name}=${quoted(value)}\n`).join('');
}
