import { PAGES, type PageEntry } from '../pages/pages.ts';
import { go, linkTo } from '../state/location.ts';
import { shift } from '../state/view.ts';
import { openPalette } from './palette.tsx';
import { openHelp } from './shortcut-help.tsx';

/** How long the second key of `g o` may take. */
const SECOND_KEY_MS = 1_500;

let firstAt = Number.NEGATIVE_INFINITY;

/** Listens to the keys that work on every page, except while the user is typing. */
export function installShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event.target))
      return;
    if (handle(event.key)) event.preventDefault();
  });
}

function handle(pressed: string): boolean {
  const isSecond = performance.now() - firstAt < SECOND_KEY_MS;
  firstAt = pressed === 'g' && !isSecond ? performance.now() : Number.NEGATIVE_INFINITY;
  if (isSecond) {
    const page = PAGES.find(({ shortcut }: PageEntry) => shortcut === pressed);
    if (page !== undefined) go(linkTo(page.path));
    return page !== undefined;
  }
  const action = ACTIONS[pressed];
  action?.();
  return action !== undefined;
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  '/': openPalette,
  '?': openHelp,
  '[': () => shift(-1),
  ']': () => shift(1),
};

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, dialog[open]') !== null;
}
