import { parseArgs } from 'node:util';
import type { ArgDef, ArgsDef, CommandDef, Resolvable } from 'citty';
import { UsageError } from '../import/options.ts';
import { calledAs, findCommand, resolve, unknown } from './find-command.ts';

type Command = CommandDef<ArgsDef>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks that the command declares every argument. citty itself ignores unknown ones, so a misspelt
 * `--dry-run` would remove data.
 *
 * @param environment where npm stores the flags that it took for its own
 * @returns the arguments, with the default command if none is named
 * @throws UsageError that names the argument, the closest match, and the valid ones
 */
export async function checkArguments(
  root: Resolvable<Command>,
  words: readonly string[],
  environment: Environment = {},
): Promise<string[]> {
  const { command, path, rest } = await findCommand(root, words, { forHelp: false });
  const declared = Object.entries((await resolve(command.args)) ?? {});
  const given = checkWords(declared, rest, path);
  checkSwallowed(declared, given.flags, environment, path);
  expectRequired(declared, given, path);
  return [...path, ...rest];
}

interface Given {
  /** The names of the flags. */
  readonly flags: ReadonlySet<string>;
  /** The number of positional arguments. */
  readonly words: number;
}

/**
 * Returns what was given.
 *
 * @throws UsageError for an argument that the command does not declare
 */
function checkWords(
  declared: readonly (readonly [string, ArgDef])[],
  words: readonly string[],
  path: readonly string[],
): Given {
  const flags = declared.filter(([, { type }]) => type !== 'positional');
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      flags.flatMap(([name, { type }]) =>
        [name, camelCase(name)].map((spelt) => [
          spelt,
          { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = flags.find(([name, { type }]) => spellings(name, type).includes(token.rawName));
    const names = flags.map(([name]) => `--${name}`);
    if (flag === undefined) {
      throw unknown(`${calledAs(path)} has no flag ${token.rawName}`, token.rawName, names);
    }
    if (flag[1].type === 'boolean') expectSwitch(token);
    else expectValue(flag[1], token);
    given.add(flag[0]);
  }
  const positionals = declared
    .filter(([, { type }]) => type === 'positional')
    .map(([name]) => name.toUpperCase());
  const found = tokens.filter((token) => token.kind === 'positional');
  const superfluous = found[positionals.length];
  if (superfluous !== undefined) {
    const takes =
      positionals.length === 0 ? 'no arguments besides its flags' : `only ${positionals.join(' and ')}`;
    throw new UsageError(`${calledAs(path)} takes ${takes}: "${superfluous.value}" is one too many.`);
  }
  return { flags: given, words: found.length };
}

/** citty takes `--yes=no` for yes. */
function expectSwitch({ rawName, value }: { rawName: string; value?: string }): void {
  if (value === undefined) return;
  if (!rawName.startsWith('--no-') && ['true', 'false'].includes(value)) return;
  throw new UsageError(`${rawName}=${value}: write ${rawName} alone, or leave it out.`);
}

/** A value that looks like a flag must be written as `--flag=--text`. */
function expectValue(
  declared: ArgDef,
  { rawName, value, inlineValue }: { rawName: string; value?: string; inlineValue?: boolean },
): void {
  if (value === undefined || (inlineValue === false && value.startsWith('--'))) {
    throw new UsageError(`${rawName} needs a value: ${rawName}=…`);
  }
  if (declared.type === 'enum' && declared.options?.includes(value) === false) {
    throw new UsageError(`${rawName}=${value}: must be one of ${declared.options.join(', ')}.`);
  }
}

/** @throws UsageError that names a required argument that was not given */
function expectRequired(
  declared: readonly (readonly [string, ArgDef])[],
  given: Given,
  path: readonly string[],
): void {
  let position = 0;
  for (const [name, { type, required, default: otherwise, description }] of declared) {
    const isPositional = type === 'positional';
    if (isPositional) position += 1;
    // citty requires each positional argument unless its declaration says otherwise.
    const isRequired = otherwise === undefined && (isPositional ? required !== false : required === true);
    const isGiven = isPositional ? position <= given.words : given.flags.has(name);
    if (!isRequired || isGiven) continue;
    const shown = isPositional ? name.toUpperCase() : `--${name}=…`;
    throw new UsageError(`${calledAs(path)} needs ${shown}: ${description}. See ${calledAs(path)} --help.`);
  }
}

/**
 * With `npm run retention --dry-run`, npm takes the flag as its own setting and the command does
 * not receive it.
 *
 * @throws UsageError that says how to write it
 */
function checkSwallowed(
  declared: readonly (readonly [string, ArgDef])[],
  given: ReadonlySet<string>,
  environment: Environment,
  path: readonly string[],
): void {
  const script = environment['npm_lifecycle_event'];
  if (script === undefined) return;
  for (const [name, { type }] of declared) {
    // Many users set `yes` permanently in npm. Ignoring it is safe: the command then asks for
    // confirmation.
    if (name === 'yes') continue;
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
    if (type === 'positional' || given.has(name) || !value || value === 'false') continue;
    throw new UsageError(
      `npm interpreted --${name} as its own setting, and ${calledAs(path)} did not receive it. ` +
        `Write -- before it: npm run ${script} -- --${name}${type === 'boolean' ? '' : '=…'}`,
    );
  }
}

/** citty also accepts flags in camel case, and negates switches with `--no-`. */
function spellings(name: string, type: ArgDef['type']): string[] {
  const names = [`--${name}`, `--${camelCase(name)}`];
  return type === 'boolean' ? [...names, `--no-${name}`] : names;
}

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
