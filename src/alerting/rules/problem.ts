import { cutText } from '../../core/cut-text.ts';
import { TelltaleError } from '../../core/errors.ts';
import { asUnavailable } from '../../storage/dialect/unavailable.ts';

const MAX_PROBLEM = 1000;

/**
 * Why a rule cannot be evaluated, as the rule reports it. Null if the rule is not at fault: its
 * next evaluation may succeed.
 */
export function problemOf(error: unknown): string | null {
  if (asUnavailable(error) !== null) return null;
  if (!(error instanceof TelltaleError)) return 'The evaluation failed unexpectedly: see the server log.';
  return cutText(error.message, MAX_PROBLEM);
}
