import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import '../styles/dialog.css';
import { IconButton } from './icon-button.tsx';

interface DialogProps {
  title: string;
  open: boolean;
  /** Called when the reader closes it: by Escape, its cross, or a click outside. */
  onClose(): void;
  /** Buttons in its footer. */
  footer?: ComponentChildren;
  /** Opens at the side of the window instead of in the middle, for long content. */
  side?: boolean;
  children?: ComponentChildren;
}

/** A dialog over the page. The browser keeps the focus within it and restores it afterwards. */
export function Dialog({ title, open, onClose, footer, side = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same.
    <dialog
      ref={dialog}
      class={`dialog${side ? ' dialog-side' : ''}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      {open && (
        <div class="dialog-body">
          <header class="dialog-head">
            <h2 id={id}>{title}</h2>
            <IconButton label="Close" icon="close" onClick={() => dialog.current?.close()} />
          </header>
          <div class="dialog-content">{children}</div>
          {footer !== undefined && <footer class="dialog-foot">{footer}</footer>}
        </div>
      )}
    </dialog>
  );
}

/** What is open, such as the dialog about a rule. Initially nothing. */
export function useOpened<What>() {
  const opened = useSignal<What | null>(null);
  return {
    /** Null if closed. */
    what: opened.value,
    open: (what: What) => {
      opened.value = what;
    },
    close: () => {
      opened.value = null;
    },
  };
}

/** Whether a dialog is open. Initially closed. */
export function useOpen() {
  const { what, open, close } = useOpened<true>();
  return { isOpen: what !== null, open: () => open(true), close };
}
