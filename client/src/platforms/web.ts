import { type ContextStore, commonPlatform, createSynchronousStore, type Platform } from '../platform.ts';

interface Page {
  readonly visibilityState: string;
}

/**
 * A hidden page may never be shown again: `visibilitychange` is the last event that browsers
 * guarantee. A page that is already hidden signals its end by `pagehide`. Both reach the window
 * after the page's own listeners on its document, which may record something.
 */
const ENDINGS = ['visibilitychange', 'pagehide'] as const;

type AsyncLocalStorage = new <Value>() => { getStore(): Value | undefined } & Pick<
  ContextStore<Value>,
  'run'
>;

/** What some of these environments have, and others do not. */
interface Environment {
  readonly document?: Page;
  addEventListener?(type: (typeof ENDINGS)[number], listener: () => void): void;
  removeEventListener?(type: (typeof ENDINGS)[number], listener: () => void): void;
  readonly AsyncLocalStorage?: AsyncLocalStorage;
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

const environment = globalThis as Environment;

/** Browsers, Workers, and other environments with web APIs. */
export const webPlatform: Platform = {
  ...commonPlatform,
  randomize: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
  gzip: typeof CompressionStream === 'function' ? zip : null,
  createStore<Value>() {
    const Storage = asyncLocalStorage();
    if (Storage === undefined) return createSynchronousStore<Value>();
    const storage = new Storage<Value>();
    return { get: () => storage.getStore(), run: (value: Value, work) => storage.run(value, work) };
  },
  beforeEnd(flush) {
    if (environment.document === undefined) return () => undefined;
    const listener = () => {
      if (isHidden()) void flush(false);
    };
    for (const ending of ENDINGS) environment.addEventListener?.(ending, listener);
    return () => {
      for (const ending of ENDINGS) environment.removeEventListener?.(ending, listener);
    };
  },
  onSignals: () => () => undefined,
  isEnding: isHidden,
};

/**
 * The edge runtime of Next.js has it as a global, and throws for any Node module; Workers have it
 * with `nodejs_compat`.
 */
function asyncLocalStorage(): AsyncLocalStorage | undefined {
  if (environment.AsyncLocalStorage !== undefined) return environment.AsyncLocalStorage;
  const hooks = environment.process?.getBuiltinModule?.('node:async_hooks');
  return (hooks as Pick<Environment, 'AsyncLocalStorage'> | undefined)?.AsyncLocalStorage;
}

function isHidden(): boolean {
  return environment.document?.visibilityState === 'hidden';
}

async function zip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
