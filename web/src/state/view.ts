import { computed, signal } from '@preact/signals';
import { param, setParams } from './location.ts';
import {
  boundsOf,
  DEFAULT_SPAN,
  grainOf,
  rangeInput,
  readSpan,
  type Span,
  shifted,
  writeSpan,
} from './span.ts';

/** The current time in epoch milliseconds, updated every half minute. */
export const now = signal(Date.now());
const moveOn = () => {
  if (document.visibilityState === 'visible') now.value = Date.now();
};
setInterval(moveOn, 30_000);
document.addEventListener('visibilitychange', moveOn);

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time zone of all times on the page: that of the browser, unless the URL names one. */
export const zone = computed(() => {
  const named = param('zone').value;
  return named !== null && isZone(named) ? named : ownZone;
});

/** The range of time of all pages. */
export const span = computed<Span>(() => {
  const text = param('range').value;
  const read = text === null ? null : readSpan(text);
  return read ?? (readSpan(DEFAULT_SPAN) as Span);
});

/**
 * The range as an argument of the API. A range that ends now stays relative: the server has its own
 * clock.
 */
export const range = computed(() => rangeInput(span.value, zone.value));

/** The width of the buckets of charts that share a row. */
export const grain = computed(() => grainOf(span.value));

/** The range in epoch milliseconds, by the clock of the browser. */
export const bounds = computed(() => {
  const shown = span.value;
  // A fixed range does not move, so nothing is reloaded as time passes.
  return boundsOf(shown, shown.kind === 'last' ? now.value : shown.to);
});

/** The project selected with a key for all projects; null for the default. */
export const project = param('project');

export function showSpan(next: Span): void {
  setParams({ range: writeSpan(next) });
}

export function showRange(text: string): void {
  setParams({ range: text === DEFAULT_SPAN ? null : text });
}

/** Zooms to a range selected in a chart: at least a minute. */
export function zoom(from: number, to: number): void {
  const middle = (from + to) / 2;
  const half = Math.max(to - from, 60_000) / 2;
  showSpan({ kind: 'between', from: Math.round(middle - half), to: Math.round(middle + half) });
}

export function shift(direction: -1 | 1): void {
  const next = shifted(span.value, direction, Date.now());
  if (next.kind === 'last') showRange(next.text);
  else showSpan(next);
}

function isZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
