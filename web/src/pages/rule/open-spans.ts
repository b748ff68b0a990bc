import { labelsInWords } from '../shared/rule-words.ts';

/**
 * An alert that a rule would have raised. Times are in ISO 8601; `resolvedAt` is null while open.
 */
interface Open {
  readonly firedAt: string;
  readonly resolvedAt: string | null;
  readonly severity: string;
  readonly labels: unknown;
}

/** A time when at least one alert was open, in milliseconds of the epoch. */
interface OpenSpan {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly tone: 'bad' | 'warn';
}

/** Alerts that the label of a span names. */
const NAMED = 5;
/** About the width of the chart: what is closer than one of them looks like one. */
const PIXELS = 500;

/**
 * When at least one alert was open, for each severity. Alerts of several groups that overlap make
 * one span: tints that lie on each other would look like something worse. So do spans that are too
 * close for a chart to show them apart.
 *
 * @param bounds of the chart, in milliseconds of the epoch
 */
export function openSpans(
  firings: readonly Open[],
  { from, to }: { readonly from: number; readonly to: number },
): OpenSpan[] {
  const gapMs = (to - from) / PIXELS;
  const severities = new Set(firings.map(({ severity }) => severity));
  return [...severities].flatMap((severity) =>
    merged(
      firings
        .filter((firing) => firing.severity === severity)
        .map((firing) => ({
          from: Date.parse(firing.firedAt),
          to: firing.resolvedAt === null ? to : Date.parse(firing.resolvedAt),
          name: labelsInWords(firing.labels),
        })),
      gapMs,
    ).map(({ names, ...span }) => ({
      ...span,
      label: labelOf(severity.toLowerCase(), names),
      tone: severity === 'CRITICAL' ? 'bad' : 'warn',
    })),
  );
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

function merged(stretches: readonly Stretch[], gapMs: number) {
  const made: { from: number; to: number; names: string[] }[] = [];
  for (const { from, to, name } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = made.at(-1);
    if (last === undefined || from > last.to + gapMs) made.push({ from, to, names: [name] });
    else {
      last.to = Math.max(last.to, to);
      last.names.push(name);
    }
  }
  return made;
}

function labelOf(severity: string, names: readonly string[]): string {
  const different = [...new Set(names)].filter((name) => name !== '');
  const more = different.length - NAMED;
  const named = different.slice(0, NAMED).join('; ') + (more > 0 ? ` and ${more} more` : '');
  return [severity, names.length > 1 ? `(${names.length} alerts)` : '', named].filter(Boolean).join(' ');
}
