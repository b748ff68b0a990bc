import { entriesOf } from '../../core/named.ts';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from '../exit-codes.ts';
import type { DescribedCommand, DescribedFlag } from './describe-command.ts';
import { calledAs } from './find-command.ts';

const WIDTH = 100;
/** The maximum width of the left column. A longer entry stands on a line of its own. */
const LEFT = 28;

type Entry = readonly [left: string, right: string];

/** What `--help` prints: usage, description, arguments, flags, commands and examples. */
export function renderHelp(command: DescribedCommand): string {
  const isRoot = command.path.length === 0;
  const sections = [
    `Usage: ${usageOf(command)}`,
    wrap(command.description, 0),
    section('Arguments', command.arguments.map(argumentEntry)),
    section('Commands', command.commands.map(commandEntry)),
    section('Flags', [...command.flags.map(flagEntry), ...commonFlags(isRoot)]),
    examplesOf(command),
    ...(isRoot ? [exitCodes(), ENVIRONMENT] : []),
    command.commands.length > 0 ? `More about each: ${calledAs(command.path)} COMMAND --help` : '',
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const ENVIRONMENT = 'Environment variables configure it: `telltale config` prints the values that apply.';

/** The first line of its help: `telltale import FORMAT FILE [flags]`. */
export function usageOf(command: DescribedCommand): string {
  const required = command.flags.filter(({ isRequired }) => isRequired);
  const words = [
    calledAs(command.path),
    ...command.arguments.map(({ name, isRequired }) => (isRequired ? name : `[${name}]`)),
    ...required.map(writtenFlag),
    ...(command.commands.length > 0 ? [command.path.length === 0 ? '[COMMAND]' : 'COMMAND'] : []),
    ...(command.flags.length > required.length ? ['[flags]'] : []),
  ];
  return words.join(' ');
}

/** A flag as users write it: `--to=DIR`. */
export const writtenFlag = ({ name, value }: DescribedFlag): string =>
  value === null ? `--${name}` : `--${name}=${value}`;

/** What a flag means, with its default. */
export function flagMeaning({ description, isRequired, default: otherwise }: DescribedFlag): string {
  const notes = [
    ...(isRequired ? ['required'] : []),
    ...(otherwise === null ? [] : [`default: ${otherwise}`]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join(', ')})`;
}

const flagEntry = (flag: DescribedFlag): Entry => [writtenFlag(flag), flagMeaning(flag)];

const argumentEntry = ({ name, description }: DescribedCommand['arguments'][number]): Entry => [
  name,
  description,
];

/** The first sentence is enough in a list. */
const commandEntry = ({ path, description }: DescribedCommand): Entry => [
  path.at(-1) ?? '',
  description.replace(/(?<=[.])\s.*$/, ''),
];

const commonFlags = (isRoot: boolean): Entry[] => [
  ['-h, --help', 'Print this help'],
  ...(isRoot ? [['-v, --version', 'Print the version'] as const] : []),
];

/** The command's own examples; for a group, the first example of each command. */
function examplesOf(command: DescribedCommand): string {
  const examples =
    command.examples.length > 0
      ? command.examples
      : command.commands.flatMap((sub) => sub.examples.slice(0, 1));
  if (examples.length === 0) return '';
  return `Examples:\n${examples.map(([line, meaning]) => `  ${line}\n${wrap(meaning, 6)}`).join('\n')}`;
}

function exitCodes(): string {
  const entries = entriesOf(EXIT_CODE_MEANINGS).map(
    ([name, meaning]): Entry => [`${EXIT_CODES[name]}`, meaning],
  );
  return section('Exit codes', entries);
}

function section(title: string, entries: readonly Entry[]): string {
  if (entries.length === 0) return '';
  const lefts = entries.map(([left]) => left.length).filter((length) => length <= LEFT);
  const indent = Math.max(0, ...lefts) + 4;
  const lines = entries.map(([left, right]) => {
    const text = wrap(right, indent);
    if (left.length > LEFT) return `  ${left}\n${text}`;
    return `  ${left.padEnd(indent - 2)}${text.slice(indent)}`;
  });
  return `${title}:\n${lines.join('\n')}`;
}

/** Breaks a text into lines of at most 100 characters, each indented by this many spaces. */
function wrap(text: string, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n');
}
