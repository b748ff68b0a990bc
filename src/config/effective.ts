import { withoutPassword } from './config.ts';
import { type Variable, variables } from './variables.ts';

/** The effective value of an environment variable, and where it comes from. */
export interface EffectiveValue {
  readonly name: string;
  /**
   * As written in the environment, without passwords. Null if it is not set and there is no
   * default.
   */
  readonly value: string | null;
  readonly source: 'environment' | 'default';
  readonly unit: string;
  /** What applies while the value is null, in words. */
  readonly otherwise: string | null;
}

const HIDDEN = '***';

/**
 * The effective values in this environment, valid or not, in the order of docs/configuration.md.
 */
export function effectiveValues(
  environment: Readonly<Record<string, string | undefined>>,
): readonly EffectiveValue[] {
  return Object.entries<Variable<unknown>>(variables).map(([name, variable]) => {
    // As in `loadConfig`, an empty variable counts as absent.
    const given = environment[name] || undefined;
    const value = given ?? variable.default ?? null;
    return {
      name,
      value: value === null ? null : variable.secret === true ? HIDDEN : withoutPassword(value),
      source: given === undefined ? 'default' : 'environment',
      unit: variable.unit,
      otherwise: variable.default === undefined ? variable.fallback : null,
    };
  });
}
