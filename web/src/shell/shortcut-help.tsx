import { signal } from '@preact/signals';
import { PAGES, type PageEntry } from '../pages/pages.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Kbd } from '../parts/kbd.tsx';
import { Stack } from '../parts/stack.tsx';

const isOpen = signal(false);

export function openHelp(): void {
  isOpen.value = true;
}

const GENERAL = [
  { keys: '/', what: 'Go to a page' },
  { keys: '[', what: 'Previous range' },
  { keys: ']', what: 'Next range' },
  { keys: '?', what: 'This list' },
];

const CHART = [
  { keys: '← →', what: 'Previous or next instant' },
  { keys: 'Shift ← →', what: 'Select a range' },
  { keys: 'Enter', what: 'Zoom into it' },
  { keys: 'Esc', what: 'Clear the selection, then leave the chart' },
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
      <Stack>
        <Keys list={[...GENERAL, ...pages]} />
        <h3>In a chart that has the focus (Tab)</h3>
        <Keys list={CHART} />
      </Stack>
    </Dialog>
  );
}

function Keys({ list }: { list: readonly { readonly keys: string; readonly what: string }[] }) {
  return (
    <dl class="shortcuts">
      {list.map(({ keys, what }) => (
        <div key={what}>
          <dt>
            <Kbd keys={keys} />
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
