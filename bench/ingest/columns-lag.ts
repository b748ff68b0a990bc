import { setTimeout as sleep } from 'node:timers/promises';

const POLL_INTERVAL_MS = 250;
const LONGEST_FILLING_MS = 60_000;
const LAG = /^telltale_columns_lag_events\{[^}]*dataset="llmCalls"[^}]*\} (\S+)$/m;

/** How far the columnar copy was behind while something ran. */
export interface ColumnsLag {
  /** The most events that the copy lacked; null if it had not begun. */
  readonly most: number | null;
  readonly polls: number;
}

/**
 * Waits for the end of the first filling, which does not count as keeping up. Gives up after a
 * minute.
 */
async function waitForCopy(metrics: URL): Promise<void> {
  for (let waited = 0; waited < LONGEST_FILLING_MS; waited += POLL_INTERVAL_MS) {
    if ((await lagAt(metrics)) === 0) return;
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Null if the copy has not begun. */
async function lagAt(metrics: URL): Promise<number | null> {
  const found = LAG.exec(await (await fetch(metrics)).text())?.[1];
  return found === undefined ? null : Number(found);
}

/** Polls `/metrics` of the server while the work runs, once the copy has been filled. */
export async function watchColumns<Value>(
  graphqlUrl: string,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly lag: ColumnsLag }> {
  const metrics = new URL('/metrics', graphqlUrl);
  await waitForCopy(metrics);
  const seen: number[] = [];
  const running = { ends: false };
  const watching = (async () => {
    while (!running.ends) {
      const lag = await lagAt(metrics);
      if (lag !== null) seen.push(lag);
      await sleep(POLL_INTERVAL_MS);
    }
  })();
  try {
    const value = await work();
    return { value, lag: { most: seen.length === 0 ? null : Math.max(...seen), polls: seen.length } };
  } finally {
    running.ends = true;
    await watching;
  }
}
