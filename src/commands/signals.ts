/** Where signals come from, and who ends the process. `process` is one. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  removeListener(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): unknown;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/**
 * Waits for the first SIGINT or SIGTERM; a second one ends the process at once. `forget` takes the
 * listeners away.
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
        // Whoever asks twice does not want to wait. 130 is what shells say for a process that
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
