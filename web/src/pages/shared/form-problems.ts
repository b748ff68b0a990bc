import type { AskError } from '../../data/ask.ts';

/** The server's complaints about a form. */
export interface FormProblems {
  /** Why it rejected a field; null if it did not. */
  of(field: string): string | null;
  /** Why it rejected the form, if no shown field is at fault. */
  readonly other: string | null;
}

export const NO_PROBLEMS: FormProblems = { of: () => null, other: null };

/** A value that its scalar rejects is named only in the message. */
const REFUSED_VALUE = /^Variable "\$input" got invalid value .* at "(input\.[^"]+)"; /s;

/**
 * Assigns an error to the field that it names.
 *
 * @param fields the fields of the `input` that the form shows
 */
export function problemsOf(error: AskError | null, fields: readonly string[]): FormProblems {
  if (error === null) return NO_PROBLEMS;
  const refused = REFUSED_VALUE.exec(error.message);
  const path = error.argument ?? refused?.[1] ?? '';
  const message = refused === null ? error.message : error.message.slice(refused[0].length);
  const field = fields.find((name) => path === `input.${name}` || path.startsWith(`input.${name}.`));
  if (field === undefined) return { of: () => null, other: error.message };
  return { of: (name) => (name === field ? message : null), other: null };
}
