import { AsyncLocalStorage } from 'node:async_hooks';
import { randomFillSync } from 'node:crypto';
import process from 'node:process';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { commonPlatform, type Platform } from '../platform.ts';

const zip = promisify(gzip);

/**
 * All clients share one listener of the process: a client for each request would be more than ten,
 * of which Node warns as a leak.
 */
function createEnd(): Platform['beforeEnd'] {
  const flushes = new Set<() => void>();
  const listener = () => {
    for (const flush of [...flushes]) flush();
  };
  return (flush) => {
    const own = () => void flush(true);
    if (flushes.size === 0) process.on('beforeExit', listener);
    flushes.add(own);
    return () => {
      flushes.delete(own);
      if (flushes.size === 0) process.off('beforeExit', listener);
    };
  };
}

/** Node 18 and later, Bun and Deno. */
export const nodePlatform: Platform = {
  ...commonPlatform,
  randomize: (bytes) => void randomFillSync(bytes),
  // Level 1 takes a third of the default's time for a tenth more bytes.
  gzip: (bytes) => zip(bytes, { level: 1 }),
  createStore<Value>() {
    const storage = new AsyncLocalStorage<Value>();
    return { get: () => storage.getStore(), run: (value: Value, work) => storage.run(value, work) };
  },
  beforeEnd: createEnd(),
  onSignals(signals, flush) {
    const listeners = signals.map((name) => {
      const signal = name as NodeJS.Signals;
      const listener = () => {
        void flush().finally(() => {
          process.off(signal, listener);
          // If there are other listeners, they decide about the end of the process.
          if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
        });
      };
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
    return () => {
      for (const forget of listeners) forget();
    };
  },
  isEnding: () => false,
};
