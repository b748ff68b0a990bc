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

/** What went wrong stays until it is closed: it may be read late. */
const SHOWN_MS = 5000;
/** The oldest make room: a page may be open for a week. */
const MAX = 5;

const notes = signal<readonly Note[]>([]);
let last = 0;

const close = (id: number) => {
  notes.value = notes.value.filter((note) => note.id !== id);
};

/** Says something at the edge of the window: that a change is saved, or why it is not. */
export function notify(text: string, tone: Tone = 'neutral'): void {
  last += 1;
  const id = last;
  notes.value = [...notes.value, { id, text, tone }].slice(-MAX);
  if (tone !== 'bad') setTimeout(() => close(id), SHOWN_MS);
}

/** Where {@link notify} shows what it says: once in the page. */
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
