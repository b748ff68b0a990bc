import type { ArgDef, ArgsDef, CommandDef, Resolvable } from 'citty';
import type { Command, Example } from './define-command.ts';
import { resolve } from './find-command.ts';

/** A positional argument. */
export interface DescribedArgument {
  /** As shown in usage lines: `FILE`. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
}

export interface DescribedFlag {
  /** Without its dashes: `dry-run`. */
  readonly name: string;
  /** A placeholder for its value: `DIR`, or `csv|jsonl`; null for a switch. */
  readonly value: string | null;
  /** The only accepted values, if there is a fixed list. */
  readonly options: readonly string[];
  readonly isRequired: boolean;
  readonly description: string;
  /** As a user would write it; null if there is none. */
  readonly default: string | null;
}

/** Everything that help, docs/cli.md and shell completion say about a command. */
export interface DescribedCommand {
  /** Its name and those of the groups above it; empty for `telltale` itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly arguments: readonly DescribedArgument[];
  readonly flags: readonly DescribedFlag[];
  readonly examples: readonly Example[];
  /** Empty unless it is a group. */
  readonly commands: readonly DescribedCommand[];
}

/** Describes a command and those below it, from their declarations. */
export async function describeCommand(
  declared: Resolvable<CommandDef<ArgsDef>>,
  path: readonly string[] = [],
): Promise<DescribedCommand> {
  const command: Command = await resolve(declared);
  const { description = '' } = (await resolve(command.meta)) ?? {};
  const args = Object.entries((await resolve(command.args)) ?? {});
  const below = Object.entries((await resolve(command.subCommands)) ?? {});
  return {
    path,
    description,
    arguments: args.filter(isPositional).map(describeArgument),
    flags: args.filter((entry) => !isPositional(entry)).map(describeFlag),
    examples: command.examples ?? [],
    commands: await Promise.all(below.map(([name, sub]) => describeCommand(sub, [...path, name]))),
  };
}

/** The command and all commands below it, each group before its members. */
export function flatten(command: DescribedCommand): DescribedCommand[] {
  return [command, ...command.commands.flatMap(flatten)];
}

const isPositional = ([, { type }]: [string, ArgDef]): boolean => type === 'positional';

function describeArgument([name, argument]: [string, ArgDef]): DescribedArgument {
  return {
    name: name.toUpperCase(),
    isRequired: argument.required !== false && argument.default === undefined,
    description: argument.description ?? '',
  };
}

function describeFlag([name, flag]: [string, ArgDef]): DescribedFlag {
  const options = flag.type === 'enum' ? (flag.options ?? []) : [];
  const placeholder =
    options.length > 0 ? options.join('|') : (flag.valueHint ?? name.replace(/^.*-/, '').toUpperCase());
  // A switch is off unless it is given.
  const isShown = flag.default !== undefined && flag.default !== false && flag.default !== '';
  return {
    name,
    value: flag.type === 'boolean' ? null : placeholder,
    options,
    isRequired: flag.required === true && flag.default === undefined,
    description: flag.description ?? '',
    default: isShown ? String(flag.default) : null,
  };
}
