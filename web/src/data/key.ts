import { type ReadonlySignal, signal } from '@preact/signals';

/** GraphiQL uses the same name, so a key entered in one works in both. */
const NAME = 'telltale-key';

/** Whether the page is a panel in a frame of another site. */
export const isEmbedded = window.location.pathname === '/embed';

/**
 * The read token in the address of a panel in a frame. Such a panel must not use the key of the
 * tab.
 */
const fragment = () => new URLSearchParams(window.location.hash.slice(1)).get('token');

const held = signal(isEmbedded ? fragment() : sessionStorage.getItem(NAME));
const wanted = signal<string | null>(null);

/** The API key of this tab. It is kept as long as the tab, and never part of a URL. */
export const key: ReadonlySignal<string | null> = held;

/** The server's message when it requires a key; null while it requires none. */
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
