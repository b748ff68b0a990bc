import type { AlertNotice } from './channel.ts';

/** One line that says what happened to which alert, for people. */
export function headline({ type, data }: AlertNotice): string {
  const { severity, title } = data;
  if (type === 'alert.acknowledged') return `Acknowledged${by(data.acknowledgedBy)}: ${title}`;
  if (type === 'alert.resolved') return `Resolved${by(data.resolvedBy)}: ${title}`;
  if (type === 'alert.reminded') return `${severity}, still open: ${title}`;
  return type === 'alert.test' ? title : `${severity}: ${title}`;
}

const by = (who: string | null): string => (who === null ? '' : ` by ${who}`);

/** What else there is to know, in short pieces. */
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

/**
 * As much of a text as fits when it is escaped, with an ellipsis where something is left out.
 *
 * @param maxLength in UTF-16 units, after escaping
 * @param escapeCharacter of one character
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
