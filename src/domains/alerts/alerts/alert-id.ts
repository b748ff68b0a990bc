import { textValue } from '../../../core/filter-value.ts';
import type { InputBuilder } from '../../../graphql/builder.ts';

/** Identifies the alert that a mutation is about. */
export function alertIdInput(t: InputBuilder) {
  return { alertId: t.string({ required: true, description: 'The alert, by its `alertId`.' }) };
}

/**
 * Checks that a text can be the id of an alert. The UUID of an alert is derived from UTF-8, in
 * which malformed text would get the UUID of another text.
 *
 * @throws InvalidArgument naming `argument` if no alert can have this id.
 */
export function checkAlertId(alertId: string, argument: string): string {
  return textValue(alertId, argument);
}
