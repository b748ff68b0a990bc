import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * Calls `onDismiss` when the reader presses Escape, or clicks or focuses something outside of
 * `area`.
 */
export function useDismiss(area: RefObject<HTMLElement | null>, isOpen: boolean, onDismiss: () => void) {
  const latest = useRef(onDismiss);
  latest.current = onDismiss;
  useEffect(() => {
    if (!isOpen) return;
    const leave = ({ target }: Event) => {
      if (!(target instanceof Node && area.current?.contains(target))) latest.current();
    };
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Closes only what is on top, not the dialog below as well.
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    document.addEventListener('keydown', press, true);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
      document.removeEventListener('keydown', press, true);
    };
  }, [isOpen]);
}
