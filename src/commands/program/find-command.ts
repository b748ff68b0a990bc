import type { ArgsDef, CommandDef, Resolvable } from 'citty';
import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { defined } from '../../core/defined.ts';
import { UsageError } from '../import/options.ts';

type Command = CommandDef<ArgsDef>;

/** The command that words name, and the words that remain for it. */
export interface FoundCommand {
  readonly command: Command;
  /** Its name and those of the groups above it, such as `keys`, `create`. */
  readonly path: readonly string[];
  readonly rest: readonly string[];
}

/**
 * Finds the command that the words name, through all levels, or the default command.
 *
 * @param forHelp the words may end at a group of commands
 * @throws UsageError for a command that does not exist, and for a group without a command
 */
export async function findCommand(
  root: Resolvable<Command>,
  words: readonly string[],
  { forHelp }: { readonly forHelp: boolean },
): Promise<FoundCommand> {
  const path: string[] = [];
  let command = await resolve(root);
  let rest = [...words];
  for (;;) {
    const commands = await resolve(command.subCommands);
    if (commands === undefined) return { command, path, rest };
    const [word] = rest;
    // A flag in the position of a command belongs to the default command.
    const isNamed = word !== undefined && !word.startsWith('-');
    if (!isNamed && forHelp) return { command, path, rest };
    const name = isNamed ? word : await resolve(command.default);
    if (name === undefined) {
      throw new UsageError(`${calledAs(path)} needs one of ${Object.keys(commands).join(', ')}.`);
    }
    if (!Object.hasOwn(commands, name)) {
      throw unknown(`${calledAs(path)} has no command "${name}"`, name, Object.keys(commands));
    }
    if (isNamed) rest = rest.slice(1);
    path.push(name);
    command = await resolve(defined(commands[name]));
  }
}

/** How users write the command: `telltale keys create`. */
export const calledAs = (path: readonly string[]): string => ['telltale', ...path].join(' ');

/** The error for an unknown word. It names the closest known word and all others. */
export function unknown(problem: string, word: string, known: readonly string[]): UsageError {
  const [nearest] = suggestionList(word, known);
  const advice = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const all = known.length === 0 ? 'It has none.' : `There are: ${known.join(', ')}.`;
  return new UsageError(`${problem}.${advice} ${all}`);
}

/** Resolves a setting that citty lets a command give as a value, a promise or a function. */
export async function resolve<Value>(value: Resolvable<Value>): Promise<Value> {
  return typeof value === 'function' ? (value as () => Value | Promise<Value>)() : value;
}
