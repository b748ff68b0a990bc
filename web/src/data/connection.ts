import { type ReadonlySignal, signal } from '@preact/signals';

const reachable = signal(true);
const returns = signal(0);

/** Whether the server answered the last request. */
export const isUp: ReadonlySignal<boolean> = reachable;

/** Counts how often the server came back. When it changes, pages ask again for what they show. */
export const comebacks: ReadonlySignal<number> = returns;

const FIRST_MS = 1_000;
const LONGEST_MS = 10_000;

/** Records that the server answered. */
export function isReachable(): void {
  reachable.value = true;
}

/** Checks whether the server is still there, because something suggests otherwise. */
export async function doubt(): Promise<void> {
  if (reachable.value && !(await isThere())) lost();
}

/** Records that the server cannot be reached, and polls it until it is back. */
export function lost(): void {
  if (!reachable.value) return;
  reachable.value = false;
  retryAfter(FIRST_MS);
}

function retryAfter(afterMs: number): void {
  setTimeout(async () => {
    if (await isThere()) {
      reachable.value = true;
      returns.value++;
    } else retryAfter(Math.min(afterMs * 1.5, LONGEST_MS));
  }, afterMs);
}

async function isThere(): Promise<boolean> {
  const response = await fetch('/readyz', { cache: 'no-store' }).catch(() => null);
  return response?.ok === true;
}
