import { type ReadonlySignal, signal } from '@preact/signals';

const reachable = signal(true);
const returns = signal(0);

/** Whether the server answered last. */
export const isUp: ReadonlySignal<boolean> = reachable;

/** How often the server came back: what is shown is asked for again when it changes. */
export const comebacks: ReadonlySignal<number> = returns;

const FIRST_MS = 1_000;
const LONGEST_MS = 10_000;

/** Notes that the server answered. */
export function isReachable(): void {
  reachable.value = true;
}

/** Asks whether the server is still there: something indicates that it is not. */
export async function doubt(): Promise<void> {
  if (reachable.value && !(await isThere())) lost();
}

/** Notes that the server cannot be reached, and looks for it until it is back. */
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
