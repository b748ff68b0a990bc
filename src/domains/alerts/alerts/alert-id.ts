import { filterValue } from '../../../core/filter-value.ts';
import type { InputBuilder } from '../../../graphql/builder.ts';

/** Which alert a mutation is about. */
export function alertIdInput(t: InputBuilder) {
  return { alertId: t.string({ required: true, description: 'The alert, by its `alertId`.' }) };
}

/**
 * Text that may be the id of an alert. Its UUID is derived by UTF-8, in which text that is not
 * well-formed would be that of another one.
 *
 * @throws InvalidArgument naming `argument` for what cannot be the id of any.
 */
export function checkAlertId(alertId: string, argument: string): string {
  return filterValue('text', 'eq', alertId, argument) as string;
}
