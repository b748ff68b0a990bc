import { constants } from 'node:os';

/** @type {readonly NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM'];

/** How long after a signal the same one counts as its echo, in milliseconds. */
const echoMs = 500;

/**
 * Ctrl-C goes to every process of the terminal, and npm passes it on to its script once more: a
 * server that takes a second Ctrl-C for impatience would never stop cleanly below npm. Here the
 * echo is dropped. It must be called before anybody listens for signals.
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

  // An echo may arrive when the server has already put its own listeners away: without any, it
  // would kill the process.
  for (const signal of signals) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}
