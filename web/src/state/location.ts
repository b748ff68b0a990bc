import { computed, type ReadonlySignal, signal } from '@preact/signals';

/**
 * The current location of the browser. The URL is the only store for what a page shows, so a link
 * is a view.
 */
interface Address {
  readonly path: string;
  readonly search: string;
}

/** What all pages share. Links to other pages keep these and drop the rest. */
const SHARED = ['range', 'zone', 'project'];

const read = (): Address => ({ path: window.location.pathname, search: window.location.search });

const address = signal(read());
window.addEventListener('popstate', () => {
  address.value = read();
});

export const path: ReadonlySignal<string> = computed(() => address.value.path);
export const search: ReadonlySignal<string> = computed(() => address.value.search);
export const params: ReadonlySignal<URLSearchParams> = computed(() => new URLSearchParams(search.value));

/** Navigates to a path of this dashboard, with its query. */
export function go(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (to === path.value + search.value) return;
  const leaves = new URL(to, window.location.href).pathname !== path.value;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', to);
  address.value = read();
  if (leaves) window.scrollTo(0, 0);
}

/** The position in a list. Another question starts at the beginning. */
const CURSORS = { after: null, before: null };

/** Sets parameters of this page; null removes one. The browser's "back" undoes the step. */
export function setParams(changes: Record<string, string | null>, options: { replace?: boolean } = {}): void {
  go(path.value + queryOf(params.value, { ...CURSORS, ...changes }), options);
}

const signals = new Map<string, ReadonlySignal<string | null>>();

/** One parameter as a signal, which changes only when the parameter does. */
export function param(name: string): ReadonlySignal<string | null> {
  let found = signals.get(name);
  if (found === undefined) {
    found = computed(() => params.value.get(name));
    signals.set(name, found);
  }
  return found;
}

/** The address of a page, with the range, zone and project of this one. */
export function linkTo(to: string, own: Record<string, string | null> = {}): string {
  const shared = new URLSearchParams();
  for (const name of SHARED) {
    const value = params.value.get(name);
    if (value !== null) shared.set(name, value);
  }
  return to + queryOf(shared, own);
}

/** The address of one item of a list, such as an agent, by id. */
export const linkToOne = (list: string, id: string): string => linkTo(`${list}/${encodeURIComponent(id)}`);

function queryOf(from: URLSearchParams, changes: Record<string, string | null>): string {
  const next = new URLSearchParams(from);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  // Colons, commas and slashes are allowed in a query and keep links readable.
  const text = next.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}

/** Paths that the server answers itself: links to them load a page. */
const OF_SERVER = /^\/(graphql|graphiql|export|metrics|v1|mcp|healthz|readyz|livez)(\/|$)/;

/** Follows links within the dashboard without reloading the page. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = event.target instanceof Element ? event.target.closest('a') : null;
    if (anchor === null || anchor.target !== '' || anchor.hasAttribute('download')) return;
    const to = new URL(anchor.href, window.location.href);
    if (to.origin !== window.location.origin || OF_SERVER.test(to.pathname)) return;
    // A position on this page, such as the main part.
    if (to.hash !== '' && to.pathname === path.value && to.search === search.value) return;
    event.preventDefault();
    go(to.pathname + to.search);
  });
}
