import { type ContextStore, commonPlatform, createSynchronousStore, type Platform } from '../platform.ts';

/** A page that is hidden may not be shown again: for browsers this is the last event that is sure. */
interface Page {
  readonly visibilityState: string;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

interface AsyncHooks {
  AsyncLocalStorage: new <Value>() => { getStore(): Value | undefined } & Pick<ContextStore<Value>, 'run'>;
}

/** What some of these environments have, and others do not. */
interface Environment {
  readonly document?: Page;
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

const environment = globalThis as Environment;

/** Browsers, Workers, and whatever else has the interfaces of the web. */
export const webPlatform: Platform = {
  ...commonPlatform,
  randomize: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
  gzip: typeof CompressionStream === 'function' ? zip : null,
  createStore<Value>() {
    // Workers have it with `nodejs_compat`.
    const hooks = environment.process?.getBuiltinModule?.('node:async_hooks') as AsyncHooks | undefined;
    if (hooks === undefined) return createSynchronousStore<Value>();
    const storage = new hooks.AsyncLocalStorage<Value>();
    return { get: () => storage.getStore(), run: (value: Value, work) => storage.run(value, work) };
  },
  beforeEnd(flush) {
    const page = environment.document;
    if (page === undefined) return () => undefined;
    const listener = () => {
      if (page.visibilityState === 'hidden') void flush(false);
    };
    page.addEventListener('visibilitychange', listener);
    return () => page.removeEventListener('visibilitychange', listener);
  },
  onSignals: () => () => undefined,
  isEnding: () => environment.document?.visibilityState === 'hidden',
};

async function zip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
