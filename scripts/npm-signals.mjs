import { constants } from 'node:os';

/** @type {readonly NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM'];

/** How long after a signal the same one counts as its echo, in milliseconds. */
const echoMs = 500;

/**
 * Drops the second signal that npm sends. Ctrl-C reaches every process of the terminal, and npm
 * forwards it to its script once more, which a server would take as a request to end at once. Must
 * be called before any listener for signals is added.
 */
export function dropEchoedSignals() {
  const emit = process.emit.bind(process);
  /** @type {Map<unknown, number>} */
  const lastSeen = new Map();
  /** @type {(event: unknown, ...args: unknown[]) => boolean} */
  const emitOnce = (event, ...args) => {
    if (signals.some((signal) => signal === event)) {
      const now = performance.now();
      if (now - (lastSeen.get(event) ?? Number.NEGATIVE_INFINITY) < echoMs) return true;
      lastSeen.set(event, now);
    }
    return Reflect.apply(emit, undefined, [event, ...args]);
  };
  Object.assign(process, { emit: emitOnce });

  // An echo may arrive after the server removed its own listeners. Without any listener, it would
  // kill the process.
  for (const signal of signals) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}
