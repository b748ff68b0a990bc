import { severityRank } from '../../book/severity.ts';
import type { AlertNotice } from './channel.ts';

/** One readable line that says what happened to which alert. */
export function headline({ type, data }: AlertNotice): string {
  const { severity, title } = data;
  if (type === 'alert.acknowledged') return `Acknowledged${by(data.acknowledgedBy)}: ${title}`;
  if (type === 'alert.resolved') return `Resolved${by(data.resolvedBy)}: ${title}`;
  if (type === 'alert.reminded') return `${severity}, still open: ${title}`;
  return type === 'alert.test' ? title : `${severity}: ${title}`;
}

const by = (who: string | null): string => (who === null ? '' : ` by ${who}`);

/** Further facts about the alert, in short pieces. */
export function facts({ data }: AlertNotice): readonly string[] {
  const { projectId, type, source, labels, value, threshold } = data;
  return [
    ...Object.entries(labels ?? {}).map(([name, label]) => `${name}: ${label ?? 'none'}`),
    ...(value === null ? [] : [`value: ${value}`]),
    ...(threshold === null ? [] : [`threshold: ${threshold}`]),
    `type: ${type}`,
    `project: ${projectId}`,
    ...(source === null ? [] : [`source: ${source}`]),
  ];
}

/** When it was raised, acknowledged and resolved, in short pieces. */
export function times({ data }: AlertNotice): readonly string[] {
  const { raisedAt, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy } = data;
  return [
    `raised: ${raisedAt}`,
    ...(acknowledgedAt === null ? [] : [`acknowledged: ${acknowledgedAt}${by(acknowledgedBy)}`]),
    ...(resolvedAt === null ? [] : [`resolved: ${resolvedAt}${by(resolvedBy)}`]),
  ];
}

/** One line about several alerts: "17 notifications: 2 CRITICAL, 15 WARNING". */
export function groupHeadline(notices: readonly AlertNotice[]): string {
  const counts = new Map<string, number>();
  for (const { data } of worstFirst(notices)) {
    counts.set(data.severity, (counts.get(data.severity) ?? 0) + 1);
  }
  const each = [...counts].map(([severity, count]) => `${count} ${severity}`);
  return `${notices.length} notifications: ${each.join(', ')}`;
}

/** The worst first; within a severity, in the order in which they happened. */
export function worstFirst(notices: readonly AlertNotice[]): readonly AlertNotice[] {
  return notices.toSorted(
    (one, other) =>
      severityRank(other.data.severity) - severityRank(one.data.severity) ||
      Date.parse(one.timestamp) - Date.parse(other.timestamp),
  );
}

/** "and 17 more"; null if all are shown. */
export function andMore(count: number, shown: number): string | null {
  return count > shown ? `and ${count - shown} more` : null;
}

/**
 * As much of a text as fits after escaping, with an ellipsis where something is left out.
 *
 * @param maxLength in UTF-16 units, after escaping
 * @param escapeCharacter escapes one character
 */
export function fitEscaped(
  text: string,
  maxLength: number,
  escapeCharacter: (character: string) => string,
): string {
  let fitting = '';
  let cut = '';
  for (const character of text) {
    const next = fitting + escapeCharacter(character);
    if (next.length > maxLength) return `${cut}…`;
    if (next.length < maxLength) cut = next;
    fitting = next;
  }
  return fitting;
}
