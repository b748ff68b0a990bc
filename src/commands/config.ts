import { ConfigError, loadConfig } from '../config/config.ts';
import { type EffectiveValue, effectiveValues } from '../config/effective.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';

interface EffectiveConfiguration {
  readonly variables: readonly EffectiveValue[];
  readonly problems: readonly string[];
}

/**
 * `telltale config`: the settings that apply in this environment, and where each value comes from.
 */
export const configCommand = defineCommand({
  meta: {
    name: 'config',
    description:
      'Print the configuration that applies here: each variable, its value, and whether it comes ' +
      'from the environment or is a default. Passwords are omitted. docs/configuration.md explains ' +
      'each variable.',
  },
  args: {
    set: { type: 'boolean', description: 'Show only what the environment sets', default: false },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale config', 'Show the configuration that a server started here would use'],
    ['telltale config --set', 'Show only what the environment sets'],
    [
      "telltale config --json | jq '.problems'",
      'Check an environment before a deployment: exit code 3 if it is wrong',
    ],
  ],
  run({ args }) {
    const variables = effectiveValues(process.env).filter(
      ({ source }) => !args.set || source === 'environment',
    );
    const problems = problemsOf(process.env);
    printResult({ variables, problems }, { json: args.json, render });
    if (problems.length > 0) process.exitCode = EXIT_CODES.configuration;
  },
});

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function render({ variables, problems }: EffectiveConfiguration): string {
  const width = Math.max(0, ...variables.map(({ name }) => name.length));
  const lines = variables.map(({ name, value, source, otherwise }) => {
    const shown = value ?? `(not set: ${otherwise})`;
    return `${name.padEnd(width)}  ${source === 'environment' ? 'environment' : 'default    '}  ${shown}`;
  });
  const wrong = problems.length === 0 ? [] : ['', 'Not valid:', ...problems.map((problem) => `  ${problem}`)];
  return [...lines, ...wrong].map((line) => `${line}\n`).join('');
}
