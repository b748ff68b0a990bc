import type { DescribedCommand, DescribedFlag } from '../describe-command.ts';

/** A text quoted as one word of a shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A flag up to the point where it can be completed. A flag with a value ends with `=`. */
export const startOf = ({ name, value }: DescribedFlag): string => `--${name}${value === null ? '' : '='}`;

/** What may follow the command: the commands of a group, and flags. */
export function wordsOf({ path, commands, flags }: DescribedCommand): string[] {
  return [
    ...commands.map((command) => command.path.at(-1) ?? ''),
    ...flags.map(startOf),
    '--help',
    ...(path.length === 0 ? ['--version'] : []),
  ];
}

/** The first sentence, without its full stop. */
export const shortly = (description: string): string =>
  description.replace(/(?<=[.])\s.*$/s, '').replace(/\.$/, '');
