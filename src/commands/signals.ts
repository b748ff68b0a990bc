/** A source of signals that can also end the process. `process` is one. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  removeListener(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): unknown;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/**
 * Waits for the first SIGINT or SIGTERM. A second one ends the process at once. `forget` removes
 * the listeners.
 */
export function firstSignal(source: SignalSource): {
  readonly promise: Promise<NodeJS.Signals>;
  forget(): void;
} {
  let forget = () => {};
  const promise = new Promise<NodeJS.Signals>((resolve) => {
    let count = 0;
    const listeners = SIGNALS.map((signal) => {
      const listener = () => {
        count += 1;
        if (count === 1) resolve(signal);
        // A second signal means: do not wait. 130 is the shell's exit code for a process that
        // Ctrl-C ended.
        else source.exit(130);
      };
      source.on(signal, listener);
      return [signal, listener] as const;
    });
    forget = () => {
      for (const [signal, listener] of listeners) source.removeListener(signal, listener);
    };
  });
  return { promise, forget };
}
