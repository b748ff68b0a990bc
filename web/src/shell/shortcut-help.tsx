import { signal } from '@preact/signals';
import { PAGES, type PageEntry } from '../pages/pages.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Kbd } from '../parts/kbd.tsx';

const isOpen = signal(false);

export function openHelp(): void {
  isOpen.value = true;
}

const GENERAL = [
  { keys: '/', what: 'Go to a page' },
  { keys: '[', what: 'The range before' },
  { keys: ']', what: 'The range after' },
  { keys: '?', what: 'This list' },
];

/** The keys that work on every page. */
export function ShortcutHelp() {
  if (!isOpen.value) return null;
  const pages = PAGES.flatMap(({ shortcut, title }: PageEntry) =>
    shortcut === undefined ? [] : [{ keys: `g ${shortcut}`, what: title }],
  );
  return (
    <Dialog
      title="Keyboard"
      open
      onClose={() => {
        isOpen.value = false;
      }}
    >
      <dl class="shortcuts">
        {[...GENERAL, ...pages].map(({ keys, what }) => (
          <div key={what}>
            <dt>
              <Kbd keys={keys} />
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
