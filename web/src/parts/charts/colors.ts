import type { Tone } from '../tone.ts';

/**
 * How many colours can be told apart, also by colour-blind readers. The caller groups further
 * series.
 */
const SLOTS = 8;

/** What determines the colour of a series. */
export interface Colored {
  key: string;
  tone?: Tone;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

/**
 * The CSS variable of each series. A key keeps its colour from chart to chart and from day to day:
 * its hash selects it, and only keys that would share a colour move on, in alphabetical order.
 */
export function colorVariables(series: readonly Colored[]): string[] {
  const slots = new Map<string, number>();
  const taken = new Set<number>();
  const keys = series.filter(({ key, tone }) => tone === undefined && key !== 'other').map(({ key }) => key);
  for (const key of keys.toSorted()) {
    let slot = hash(key) % SLOTS;
    while (taken.has(slot) && taken.size < SLOTS) slot = (slot + 1) % SLOTS;
    taken.add(slot);
    slots.set(key, slot);
  }
  return series.map(({ key, tone }) => {
    if (tone !== undefined) return `--${tone}`;
    const slot = slots.get(key);
    return slot === undefined ? '--neutral' : `--series-${slot + 1}`;
  });
}

/** The current colour of a CSS variable, as `#rrggbb`: a canvas knows no variables. */
export function resolveColor(variable: string): string {
  const color = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  // The build shortens #ffffff to #fff.
  return color.length === 4 ? color.replaceAll(/[^#]/g, '$&$&') : color;
}

const channels = (color: string): number[] =>
  [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));

/** `share` of `color` over `ground`, both `#rrggbb`. */
export function mix(color: string, ground: string, share: number): string {
  const below = channels(ground);
  const mixed = channels(color).map((channel, index) =>
    Math.round(channel * share + (below[index] ?? 0) * (1 - share)),
  );
  return `rgb(${mixed.join(' ')})`;
}
