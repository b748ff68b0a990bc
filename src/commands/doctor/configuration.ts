import { ConfigError, loadConfig } from '../../config/config.ts';
import { effectiveValues } from '../../config/effective.ts';
import { type Finding, ok, wrong } from './finding.ts';

/** Without a valid configuration, nothing else can be checked. */
export function assessConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const advice = 'Change it where the environment of the server is set; see docs/configuration.md.';
    return error.problems.map((problem) => wrong('configuration', problem, advice));
  }
  const set = effectiveValues(environment).filter(({ source }) => source === 'environment');
  const names = set.map(({ name }) => name).join(', ');
  return [
    ok(
      'configuration',
      set.length === 0 ? 'All variables have their defaults.' : `The environment sets ${names}.`,
    ),
  ];
}
