import { useEffect, useRef } from 'preact/hooks';

const SOON_MS = 1_000;

/**
 * Calls back a second after the first of any number of calls: later if an answer is being loaded or
 * the page is not visible.
 */
export function useSoon(call: () => void, isWaiting: () => boolean): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const fire = () => {
    timer.current = undefined;
    if (isWaiting() || document.visibilityState !== 'visible') soon();
    else call();
  };
  const soon = () => {
    timer.current ??= setTimeout(fire, SOON_MS);
  };
  return soon;
}

/** Calls back periodically while the page is visible, and when it becomes visible after a pause. */
export function whileVisible(everyMs: number, call: () => void): () => void {
  let last = Date.now();
  const check = () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < everyMs) return;
    last = Date.now();
    call();
  };
  const timer = setInterval(check, Math.min(everyMs, 1_000));
  document.addEventListener('visibilitychange', check);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', check);
  };
}
