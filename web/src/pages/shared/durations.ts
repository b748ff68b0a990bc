const SIZES = { m: 60_000, h: 3_600_000, d: 86_400_000, s: 1_000 } as const;
type Letter = keyof typeof SIZES;

/**
 * "15m", "1h" or "7d" as the API writes it: "PT15M". Other texts stay unchanged: the server says
 * what is wrong with them.
 */
export function toIsoDuration(text: string): string {
  const [, count, letter] = /^\s*(\d+)\s*([smhd])\s*$/i.exec(text) ?? [];
  if (count === undefined || letter === undefined) return text.trim();
  const unit = letter.toUpperCase();
  return unit === 'D' ? `P${count}D` : `PT${count}${unit}`;
}

/** "PT15M" as people write it: "15m". Durations with several units keep all of them: "1h 30m". */
export function toShortDuration(iso: string): string {
  const ms = durationMs(iso);
  if (ms === null) return iso;
  if (ms === 0) return '0s';
  let rest = ms;
  const parts = (['d', 'h', 'm', 's'] as const).flatMap((letter: Letter) => {
    const count = Math.floor(rest / SIZES[letter]);
    rest -= count * SIZES[letter];
    return count > 0 ? [`${count}${letter}`] : [];
  });
  return parts.join(' ') || `${ms} ms`;
}

const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** The milliseconds of an ISO 8601 duration without months and years; null if it is not one. */
export function durationMs(iso: string): number | null {
  const found = ISO.exec(iso);
  if (found === null || iso === 'P') return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (weeks * 7 + days) * SIZES.d + hours * SIZES.h + minutes * SIZES.m + seconds * SIZES.s;
}
