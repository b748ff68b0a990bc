import { useSignal } from '@preact/signals';

/** What is open, such as the dialog about a rule: nothing at first. */
export function useOpened<What>() {
  const opened = useSignal<What | null>(null);
  return {
    /** Null: closed. */
    what: opened.value,
    open: (what: What) => {
      opened.value = what;
    },
    close: () => {
      opened.value = null;
    },
  };
}

/** Whether a dialog is open: it is closed at first. */
export function useOpen() {
  const { what, open, close } = useOpened<true>();
  return { isOpen: what !== null, open: () => open(true), close };
}
