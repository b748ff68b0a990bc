import { type ArgsDef, type CommandDef, defineCommand as defineWithCitty } from 'citty';

/** A line that a user may type, and what it does. */
export type Example = readonly [line: string, meaning: string];

/** A command of `telltale`. Groups of commands, such as `telltale keys`, have no examples. */
export type Command<Args extends ArgsDef = ArgsDef> = CommandDef<Args> & {
  readonly examples?: readonly Example[];
};

/**
 * Defines a command. `--help` and docs/cli.md show its description, flags and examples, so every
 * command that runs has at least one example.
 */
export function defineCommand<const Args extends ArgsDef = ArgsDef>(
  definition: Command<Args>,
): Command<Args> {
  return { ...defineWithCitty<Args>(definition), examples: definition.examples ?? [] };
}
