/** What differs between Node, Bun, Deno, Workers and browsers. */
export interface Platform {
  /** Fills the bytes from a cryptographic source. */
  randomize(bytes: Uint8Array): void;
  /** Null if there is none. */
  readonly gzip: ((bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>) | null;
  /** Stores a value for what runs within a call, where possible also after its `await`s. */
  createStore<Value>(): ContextStore<Value>;
  /**
   * Calls `flush` when the process or page is about to end. If `isFinal`, what remains afterwards
   * is lost; otherwise the page may return. Returns a function that removes the listener.
   */
  beforeEnd(flush: (isFinal: boolean) => Promise<unknown>): () => void;
  /**
   * Calls `flush` at these signals, then lets them end the process. Returns a function that removes
   * the listener.
   */
  onSignals(signals: readonly string[], flush: () => Promise<unknown>): () => void;
  /** Whether requests must outlive the page. */
  isEnding(): boolean;
  /** Timers do not keep the process alive, unless `isAwaited`. */
  startTimer(run: () => void, afterMs: number, isAwaited?: boolean): () => void;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a monotonic clock. */
  elapsed(): number;
  /** From 0 to 1. */
  random(): number;
}

export interface ContextStore<Value> {
  get(): Value | undefined;
  run<Result>(value: Value, work: () => Result): Result;
}

/** The parts that are the same everywhere. */
export const commonPlatform: Pick<Platform, 'startTimer' | 'now' | 'elapsed' | 'random'> = {
  startTimer(run, afterMs, isAwaited = false) {
    const timer: unknown = setTimeout(run, afterMs);
    // Browsers and Workers return a number.
    if (!isAwaited && hasUnref(timer)) timer.unref();
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
};

const hasUnref = (timer: unknown): timer is { unref(): void } =>
  typeof timer === 'object' && timer !== null && 'unref' in timer;

/** The value applies until `work` returns, not after its first `await`. */
export function createSynchronousStore<Value>(): ContextStore<Value> {
  let present: Value | undefined;
  return {
    get: () => present,
    run(value, work) {
      const outer = present;
      present = value;
      try {
        return work();
      } finally {
        present = outer;
      }
    },
  };
}
