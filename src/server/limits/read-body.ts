import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../refusal.ts';
import { type BodyLimit, noRoom, tooLarge, tooSlow, unsupportedEncoding } from './body-refusals.ts';
import type { Reservation } from './byte-budget.ts';
import { type Encoding, inflate } from './inflate.ts';
import { createLimiter } from './limiter.ts';

export type BodyOutcome = { readonly body: Buffer } | { readonly refusal: Refusal };

/** Reads the bodies of requests, within the limit of each and the budget of all. */
export interface BodyReader {
  /**
   * Reads and decompresses a body. A rejected body is not kept in memory, and the refusal asks to
   * close the connection, because the rest of the body is not read. The caller releases the
   * reservation.
   *
   * @throws Error if the client disconnects before its body is complete.
   */
  read(request: IncomingMessage, reservation: Reservation): Promise<BodyOutcome>;
}

export interface BodyReaderOptions {
  readonly limit: BodyLimit;
  /** A body that sends fewer bytes per window is rejected as too slow. Default: 10 KiB in 10 s. */
  readonly pace?: Pace;
}

export interface Pace {
  readonly windowMs: number;
  readonly bytes: number;
}

const PACE: Pace = { windowMs: 10_000, bytes: 10_240 };
/** Decoders hold windows of up to 16 MiB, which do not count towards the budget. */
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
      // The rest of the server treats the body as if it had arrived uncompressed.
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

/** Reads a body as it is on the wire. */
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
 * Collects chunks in a buffer that doubles when it is full. A list of chunks would be in memory
 * twice when joined, and a buffer of the declared length would trust the client. The whole buffer
 * counts towards the budget, not only its used part.
 */
function createCollector(declared: number, reservation: Reservation) {
  let whole: Buffer = Buffer.alloc(0);
  let size = 0;
  return {
    /** @returns false if the budget is exhausted */
    add(chunk: Buffer): boolean {
      // Most bodies are a single chunk, which needs no copy.
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
    // Deferred, so that data that arrived while the event loop was busy is read first.
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
