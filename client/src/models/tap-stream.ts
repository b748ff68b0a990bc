import type { ModelCall } from './call.ts';

/** What to do with the parts of a stream. */
export interface Taps {
  /**
   * Learns from a part. Returns false if the part exists only because we requested it; it is then
   * not passed on.
   */
  see(call: ModelCall, part: unknown): boolean;
  /** Adds what is only known after the last part, or when the consumer has left. */
  conclude?(call: ModelCall, isComplete: boolean): void;
}

/** A stream of the SDKs: a function that iterates, and a controller that aborts the request. */
interface SdkStream extends AsyncIterable<unknown> {
  readonly controller?: AbortController;
}

type StreamClass = new (iterate: () => AsyncIterator<unknown>, controller: unknown) => SdkStream;

/**
 * A stream of the same class with the same parts. The call is recorded when the last part was read,
 * when the stream fails, or when the consumer leaves it.
 */
export function tapStream(stream: SdkStream, call: ModelCall, taps: Taps): SdkStream {
  const iterate = () => tap(stream, call, taps);
  if (stream.controller === undefined) return { [Symbol.asyncIterator]: iterate };
  return new (stream.constructor as StreamClass)(iterate, stream.controller);
}

async function* tap<Part>(
  parts: AsyncIterable<Part>,
  call: ModelCall,
  taps: Taps,
): AsyncGenerator<Part, void, undefined> {
  let isComplete = false;
  let failure: { readonly error: unknown } | null = null;
  try {
    for await (const part of parts) if (taps.see(call, part)) yield part;
    isComplete = true;
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    taps.conclude?.(call, isComplete);
    if (failure === null) call.end();
    else call.fail(failure.error);
  }
}
