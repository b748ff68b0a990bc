import { type ReadonlySignal, signal } from '@preact/signals';

/** GraphiQL uses the same name: a key that was given to one works in both. */
const NAME = 'telltale-key';

/** Whether the page is a panel in a frame of another site. */
export const isEmbedded = window.location.pathname === '/embed';

/** Of a panel in a frame: the read token behind the address. It may not use the key of the tab. */
const fragment = () => new URLSearchParams(window.location.hash.slice(1)).get('token');

const held = signal(isEmbedded ? fragment() : sessionStorage.getItem(NAME));
const wanted = signal<string | null>(null);

/** The API key of this tab: kept as long as the tab is, and never part of a URL. */
export const key: ReadonlySignal<string | null> = held;

/** What the server said when it wanted a key; null while it wants none. */
export const keyWanted: ReadonlySignal<string | null> = wanted;

export function askForKey(why: string): void {
  wanted.value = why;
}

export function useKey(text: string): void {
  sessionStorage.setItem(NAME, text);
  wanted.value = null;
  held.value = text;
}

export function forgetKey(): void {
  sessionStorage.removeItem(NAME);
  held.value = null;
}
