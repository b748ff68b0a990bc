import { UsageError } from './import/options.ts';
import { firstSignal } from './signals.ts';

/** Runs work that the first SIGINT or SIGTERM ends; a second one ends the process. */
export async function stoppableBySignal<Value>(
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const { promise, forget } = firstSignal(process);
  void promise.then((signal) => stop.abort(new UsageError(`Stopped by ${signal}.`)));
  try {
    return await work(stop.signal);
  } finally {
    forget();
  }
}
