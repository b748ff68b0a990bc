import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PAGES, type PageEntry } from '../pages/pages.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { go, linkTo } from '../state/location.ts';

const isOpen = signal(false);

export function openPalette(): void {
  isOpen.value = true;
}

/** Finds a page by part of its name. */
export function Palette() {
  return isOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const text = useSignal('');
  const at = useSignal(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const found = pagesLike(text.value);
  const close = () => {
    isOpen.value = false;
  };
  const open = (page: PageEntry | undefined) => {
    if (page === undefined) return;
    close();
    go(linkTo(page.path));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') open(found[at.value]);
    else if (step !== undefined) at.value = (at.value + step + found.length) % Math.max(found.length, 1);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Go to" open onClose={close}>
      <div class="palette">
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Name of a page"
          aria-expanded="true"
          aria-controls="palette-pages"
          aria-activedescendant={found[at.value] && `palette-${at.value}`}
          placeholder="A page: models, alerts, explore…"
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            at.value = 0;
          }}
          onKeyDown={onKeyDown}
        />
        <div id="palette-pages" role="listbox" aria-label="Pages">
          {found.map((page, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the input, as in every combobox
            <div
              key={page.path}
              id={`palette-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at.value}
              onClick={() => open(page)}
            >
              <Icon name={page.icon} />
              {page.title}
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  );
}

function pagesLike(text: string): PageEntry[] {
  const words = text.toLowerCase().split(/\s+/);
  return PAGES.filter(({ title, group }: PageEntry) => {
    const name = `${title} ${group}`.toLowerCase();
    return group !== null && words.every((word) => name.includes(word));
  });
}
