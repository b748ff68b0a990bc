import type { AlertSeverity, AlertStatus, AlertType } from '../../generated/graphql.ts';
import { param, setParams } from '../../state/location.ts';
import type { FilterField } from '../shared/filter-bar.tsx';
import { inWords } from '../shared/words.ts';

export const STATUSES: readonly AlertStatus[] = ['OPEN', 'ACKNOWLEDGED', 'RESOLVED'];
export const SEVERITIES: readonly AlertSeverity[] = ['CRITICAL', 'ERROR', 'WARNING', 'INFO'];
export const TYPES: readonly AlertType[] = ['AGENT', 'COST', 'PERFORMANCE', 'SYSTEM', 'TASK'];

const optionsOf = (values: readonly string[]) => values.map((value) => ({ value, label: inWords(value) }));

export const FIELDS: readonly FilterField[] = [
  { name: 'severity', label: 'Severity', options: optionsOf(SEVERITIES) },
  { name: 'type', label: 'Type', options: optionsOf(TYPES) },
  { name: 'rule', label: 'Rule' },
  { name: 'text', label: 'Title contains' },
];

const chosen = <Value extends string>(values: readonly Value[], name: string): Value | undefined =>
  values.find((value) => value === param(name).value);

/** The shown status; null for all. */
export function statusOfUrl(): AlertStatus | null {
  return param('status').value === 'all' ? null : (chosen(STATUSES, 'status') ?? 'OPEN');
}

/** The filters of the URL without the status. */
export function filterOfUrl() {
  const severity = chosen(SEVERITIES, 'severity');
  const type = chosen(TYPES, 'type');
  const [rule, text] = [param('rule').value, param('text').value];
  return {
    ...(severity && { severity: { eq: severity } }),
    ...(type && { type: { eq: type } }),
    ...(rule && { ruleId: { eq: rule } }),
    ...(text && { title: { contains: text } }),
  };
}

/** Opens one alert beside the list, which keeps its position; null closes it. */
export function showAlert(alert: string | null): void {
  setParams({ alert, after: param('after').value, before: param('before').value });
}
