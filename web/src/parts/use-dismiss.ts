import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Calls `onDismiss` when the reader presses Escape, or points at or moves the focus to what is outside of `area`. */
export function useDismiss(area: RefObject<HTMLElement | null>, isOpen: boolean, onDismiss: () => void) {
  useEffect(() => {
    if (!isOpen) return;
    const leave = ({ target }: Event) => {
      if (!(target instanceof Node && area.current?.contains(target))) onDismiss();
    };
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // It closes what is on top, not also the dialog below.
      event.preventDefault();
      event.stopPropagation();
      onDismiss();
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
