import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../refusal.ts';
import { type BodyLimit, noRoom, tooLarge, tooSlow, unsupportedEncoding } from './body-refusals.ts';
import type { Reservation } from './byte-budget.ts';
import { type Encoding, inflate } from './inflate.ts';
import { createLimiter } from './limiter.ts';

export type BodyOutcome = { readonly body: Buffer } | { readonly refusal: Refusal };

/** Reads the bodies of requests, within the limit of one and the budget of all. */
export interface BodyReader {
  /**
   * Reads and decompresses a body. A body that is refused is not kept in memory, and the refusal
   * asks to close the connection, because the rest of the body is not read. The caller releases
   * the reservation.
   *
   * @throws Error when the client disconnects before its body is complete.
   */
  read(request: IncomingMessage, reservation: Reservation): Promise<BodyOutcome>;
}

export interface BodyReaderOptions {
  readonly limit: BodyLimit;
  /** A body that brings fewer bytes in a window is refused as too slow. Default: 10 KiB in 10 s. */
  readonly pace?: Pace;
}

export interface Pace {
  readonly windowMs: number;
  readonly bytes: number;
}

const PACE: Pace = { windowMs: 10_000, bytes: 10_240 };
/** Decoders hold windows of up to 16 MiB, which are not part of the budget. */
const DECODERS_AT_ONCE = 2;
const ENCODINGS: Readonly<Record<string, Encoding>> = { gzip: 'gzip', 'x-gzip': 'gzip', br: 'br' };

export function createBodyReader({ limit, pace = PACE }: BodyReaderOptions): BodyReader {
  const decoding = createLimiter(DECODERS_AT_ONCE);

  return {
    async read(request, reservation) {
      const given = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
      const encoding = ENCODINGS[given];
      if (encoding === undefined && given !== 'identity') return { refusal: unsupportedEncoding(given) };
      if (Number(request.headers['content-length'] ?? 0) > limit.bytes) return { refusal: tooLarge(limit) };
      const read = await collect(request, { limit, pace, reservation });
      if (encoding === undefined || 'refusal' in read) return read;
      // The rest of the server reads the body as if it had come so.
      delete request.headers['content-encoding'];
      delete request.headers['content-length'];
      const decoded = await decoding(() => inflate(read.body, { encoding, limit, reservation }));
      return Buffer.isBuffer(decoded) ? { body: decoded } : { refusal: decoded };
    },
  };
}

interface Collecting {
  readonly limit: BodyLimit;
  readonly pace: Pace;
  readonly reservation: Reservation;
}

/** Reads a body as it comes over the wire. */
function collect(request: IncomingMessage, { limit, pace, reservation }: Collecting): Promise<BodyOutcome> {
  return new Promise((resolve, reject) => {
    const declared = Number(request.headers['content-length'] ?? Number.NaN);
    const collected = createCollector(declared, reservation);
    let size = 0;
    const slow = watchPace(
      pace,
      () => size,
      () => stop(tooSlow(pace.windowMs / 1000, pace.bytes)),
    );

    function stop(refusal: Refusal): void {
      slow.stop();
      request.pause();
      request.removeAllListeners('data');
      request.removeAllListeners('end');
      collected.drop();
      resolve({ refusal });
    }

    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit.bytes) stop(tooLarge(limit));
      else if (!collected.add(chunk)) stop(noRoom());
    });
    request.on('end', () => {
      slow.stop();
      resolve({ body: collected.take() });
    });
    request.on('error', (error) => {
      slow.stop();
      reject(error);
    });
  });
}

/**
 * Puts chunks together in a buffer that doubles when it is full: a list of chunks would be in memory
 * twice when it is joined, and a buffer of the declared length would trust the client. What the buffer
 * has is taken from the budget, not only what is in it.
 */
function createCollector(declared: number, reservation: Reservation) {
  let whole: Buffer = Buffer.alloc(0);
  let size = 0;
  return {
    /** @returns false if there is no room */
    add(chunk: Buffer): boolean {
      // Most bodies are one chunk, which needs no copy.
      if (size === 0) {
        if (!reservation.take(chunk.length)) return false;
        whole = chunk;
        size = chunk.length;
        return true;
      }
      const needed = size + chunk.length;
      if (needed > whole.length) {
        const larger = Math.max(needed, 2 * whole.length);
        const length = larger > declared && needed <= declared ? declared : larger;
        if (!reservation.take(length - whole.length)) return false;
        const grown = Buffer.allocUnsafeSlow(length);
        grown.set(whole.subarray(0, size));
        whole = grown;
      }
      whole.set(chunk, size);
      size = needed;
      return true;
    },
    take(): Buffer {
      reservation.give(whole.length - size);
      return whole.subarray(0, size);
    },
    drop(): void {
      whole = Buffer.alloc(0);
    },
  };
}

/** Calls `onSlow` if `size` grows by less than the pace in one of its windows. */
function watchPace({ windowMs, bytes }: Pace, size: () => number, onSlow: () => void): { stop(): void } {
  let before = 0;
  let check: NodeJS.Immediate | undefined;
  const timer = setInterval(() => {
    // Afterwards: what came while the event loop was busy is read first.
    check = setImmediate(() => {
      if (size() - before < bytes) onSlow();
      before = size();
    });
  }, windowMs);
  return {
    stop() {
      clearInterval(timer);
      clearImmediate(check);
    },
  };
}
