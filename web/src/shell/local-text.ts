/**
 * An instant as the text of `<input type="datetime-local">`, in a time zone: `2026-11-30T14:05`.
 */
export function toLocalText(ms: number, zone: string): string {
  return new Date(ms + offsetAt(ms, zone)).toISOString().slice(0, 16);
}

/**
 * The instant of such a text; null if it is invalid. If there are two, where clocks go back, the
 * first.
 */
export function fromLocalText(text: string, zone: string): number | null {
  const local = Date.parse(`${text}Z`);
  if (Number.isNaN(local)) return null;
  // The offset before the clock change if it leads to the same text; otherwise the one after.
  const early = local - offsetAt(local - 86_400_000, zone);
  if (toLocalText(early, zone) === text.slice(0, 16)) return early;
  return local - offsetAt(local + 86_400_000, zone);
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const format = Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes = '0', seconds = '0'] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  if (hours === undefined) return 0;
  const size = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000;
  return sign === '-' ? -size : size;
}
