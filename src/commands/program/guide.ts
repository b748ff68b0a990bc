import { entriesOf } from '../../core/named.ts';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from '../exit-codes.ts';
import { type DescribedCommand, flatten } from './describe-command.ts';
import { calledAs } from './find-command.ts';
import { flagMeaning, usageOf, writtenFlag } from './help.ts';

/** Renders `docs/cli.md` from the declared commands. */
export function renderCommandGuide(telltale: DescribedCommand): string {
  const commands = flatten(telltale).filter(({ path }) => path.length > 0);
  return `${[INTRODUCTION, exitCodes(), list(commands), ...commands.map(section)].join('\n\n')}\n`;
}

const INTRODUCTION = `# The program \`telltale\`

There are three ways to run it. An installed package has \`npx telltale\`, a clone has
\`node dist/main.js\`, and npm scripts are short names: \`npm start\` is \`telltale serve\`, and
\`npm run demo\`, \`npm run import\`, \`npm run retention\`, \`npm run collect\`, \`npm run keys\` and
\`npm run doctor\` run the commands of these names. npm needs \`--\` before flags:
\`npm run retention -- --dry-run\`. This page and \`--help\` are generated from the declarations of the
commands.

- Environment variables configure all commands ([configuration.md](configuration.md)). \`telltale config\`
  prints the values that apply, and where they come from.
- Results go to standard output. With \`--json\`, a result is one JSON document. Its fields stay stable;
  new ones may be added.
- Progress goes to standard error: a bar on a terminal, a line every two seconds in a pipe or a log.
- Commands that destroy data ask first. Without a terminal they need \`--yes\`.
- An error is one message on standard error that says what to do. Only our own mistakes show a stack.
- \`telltale completion bash\`, \`zsh\` or \`fish\` prints a script that lets the shell complete commands
  and flags.`;

function exitCodes(): string {
  const rows = entriesOf(EXIT_CODES).map(([name, code]) => `| ${code} | ${EXIT_CODE_MEANINGS[name]} |`);
  return [
    '## Exit codes',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...rows,
    '| 130 | A second Ctrl-C ended the command at once. |',
  ].join('\n');
}

function list(commands: readonly DescribedCommand[]): string {
  const rows = commands.map(
    ({ path, description }) => `| [\`${calledAs(path)}\`](#${path.join('-')}) | ${cell(description)} |`,
  );
  return ['## Commands', '', '| command | what it does |', '| --- | --- |', ...rows].join('\n');
}

function section(command: DescribedCommand): string {
  const { path, description, examples, commands } = command;
  const below = commands.map((sub) => `[\`${sub.path.at(-1)}\`](#${sub.path.join('-')})`);
  return [
    `${'#'.repeat(path.length + 1)} ${path.join(' ')}`,
    description,
    fence([usageOf(command)]),
    ...(below.length > 0 ? [`Commands: ${below.join(', ')}.`] : []),
    ...parameters(command),
    ...(examples.length > 0 ? [fence(examples.flatMap(([line, meaning]) => [`# ${meaning}`, line]))] : []),
  ].join('\n\n');
}

function parameters({ arguments: positional, flags }: DescribedCommand): string[] {
  const rows = [
    ...positional.map(({ name, description }) => [name, description] as const),
    ...flags.map((flag) => [writtenFlag(flag), flagMeaning(flag)] as const),
  ];
  if (rows.length === 0) return [];
  const lines = rows.map(([left, right]) => `| \`${cell(left)}\` | ${cell(right)} |`);
  return [['| argument | meaning |', '| --- | --- |', ...lines].join('\n')];
}

const fence = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|');
