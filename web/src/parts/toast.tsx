import { signal } from '@preact/signals';
import '../styles/badge.css';
import '../styles/toast.css';
import { Icon } from './icon.tsx';
import type { Tone } from './tone.ts';

interface Note {
  id: number;
  text: string;
  tone: Tone;
}

/** How long messages stay. Errors stay until they are closed, because they may be read late. */
const SHOWN_MS = 5000;
/** Beyond this number, the oldest go: a page may be open for a week. */
const MAX = 5;

const notes = signal<readonly Note[]>([]);
let last = 0;

const close = (id: number) => {
  notes.value = notes.value.filter((note) => note.id !== id);
};

/** Shows a message at the edge of the window, such as that a change is saved, or why it is not. */
export function notify(text: string, tone: Tone = 'neutral'): void {
  last += 1;
  const id = last;
  notes.value = [...notes.value, { id, text, tone }].slice(-MAX);
  if (tone !== 'bad') setTimeout(() => close(id), SHOWN_MS);
}

/** Shows the messages of {@link notify}. Occurs once on the page. */
export function Toast() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notes.value.map(({ id, text, tone }) => (
        <div key={id} class={`toast tone-${tone}`}>
          <span>{text}</span>
          <button type="button" aria-label="Close" onClick={() => close(id)}>
            <Icon name="close" size={12} />
          </button>
        </div>
      ))}
    </div>
  );
}
