import type { ModelCall } from './call.ts';
import { type Taps, tapStream } from './tap-stream.ts';

/** How one method of an SDK is observed. */
export interface Observed {
  /** Begins the call. May change the parameters to send. */
  start(params: unknown): { readonly call: ModelCall; readonly params: unknown; readonly taps: Taps };
  /** Learns from a whole answer. */
  answer(call: ModelCall, answer: unknown): void;
}

/** By the path of the method from the client, such as `chat.completions.create`. */
export type Methods = Readonly<Record<string, Observed>>;

type Method = (...args: unknown[]) => unknown;

/** The promise of an SDK made by Stainless. It reads the body of the answer only when awaited. */
interface ApiPromise {
  _thenUnwrap(transform: (data: unknown) => unknown): unknown;
  asResponse(): Promise<unknown>;
}

/**
 * Wraps a client so that the observed methods are recorded: also those that its helpers call, such
 * as `stream` and `parse`, and those of clients made by `withOptions`.
 */
export function observeSdk<Client extends object>(
  client: Client,
  methodsOf: (client: Client) => Methods,
): Client {
  const methods = methodsOf(client);
  const paths = Object.keys(methods);

  function observe<Target extends object>(target: Target, path: string, root: object | null): Target {
    const children = new Map<object, object>();
    const proxy: Target = new Proxy(target, {
      get(_, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof key !== 'string') return value;
        // Helpers call other methods through it.
        if (root !== null && key === '_client') return root;
        const here = path === '' ? key : `${path}.${key}`;
        if (typeof value === 'function') return methodAt(here, value as Method);
        if (typeof value !== 'object' || value === null) return value;
        if (!paths.some((one) => one.startsWith(`${here}.`))) return value;
        const known = children.get(value) ?? observe(value, here, root ?? proxy);
        children.set(value, known);
        return known;
      },
    });

    function methodAt(here: string, method: Method): unknown {
      const observed = methods[here];
      if (observed !== undefined)
        return (...args: unknown[]) => observeCall(observed, method.bind(target), args);
      if (here === 'constructor') return method;
      // Helpers of resources run on the proxy; the client itself has private fields.
      if (root !== null) return method;
      if (here !== 'withOptions') return method.bind(target);
      return (...args: unknown[]) => observeSdk(method.apply(target, args) as Client, methodsOf);
    }
    return proxy;
  }

  return observe(client, '', null);
}

function observeCall(observed: Observed, method: Method, [given, ...rest]: readonly unknown[]): unknown {
  const { call, params, taps } = observed.start(given);
  const learn = (data: unknown): unknown => {
    if (isAsyncIterable(data)) return tapStream(data, call, taps);
    observed.answer(call, data);
    call.end();
    return data;
  };
  let promise: unknown;
  try {
    promise = method(params, ...rest);
  } catch (error) {
    call.fail(error);
    throw error;
  }
  if (!isApiPromise(promise)) {
    return Promise.resolve(promise).then(learn, (error: unknown) => {
      call.fail(error);
      throw error;
    });
  }
  // Does not read the body. The caller's own promise rejects as well.
  promise.asResponse().catch((error: unknown) => call.fail(error));
  return promise._thenUnwrap(learn);
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const isApiPromise = (value: unknown): value is ApiPromise =>
  typeof value === 'object' && value !== null && '_thenUnwrap' in value && 'asResponse' in value;
