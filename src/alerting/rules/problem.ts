import { cutText } from '../../core/cut-text.ts';
import { TelltaleError } from '../../core/errors.ts';
import { asUnavailable } from '../../storage/dialect/unavailable.ts';

const MAX_PROBLEM = 1000;

/**
 * What a rule says of why it cannot be evaluated; null: it is not to blame, and may be evaluated
 * the next time.
 */
export function problemOf(error: unknown): string | null {
  if (asUnavailable(error) !== null) return null;
  if (!(error instanceof TelltaleError)) return 'The evaluation failed unexpectedly: see the server log.';
  return cutText(error.message, MAX_PROBLEM);
}
