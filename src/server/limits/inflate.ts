import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { codeOf } from '../../core/thrown.ts';
import type { Refusal } from '../refusal.ts';
import { type BodyLimit, noRoom, notDecodable, tooLarge } from './body-refusals.ts';
import type { Reservation } from './byte-budget.ts';

/** The content encodings of request bodies that the server accepts. */
export type Encoding = 'gzip' | 'br';

/** Each chunk takes a turn of a thread and of the event loop, so a large body has few. */
const MIN_CHUNK_BYTES = 64 * 1024;
const MAX_CHUNK_BYTES = 1024 * 1024;
const DECODERS = { gzip: createGunzip, br: createBrotliDecompress } as const;

export interface InflateOptions {
  readonly encoding: Encoding;
  readonly limit: BodyLimit;
  readonly reservation: Reservation;
}

/**
 * Decompresses a body chunk by chunk, off the event loop. Stops at the chunk that exceeds the limit
 * or the budget, however much would follow.
 */
export async function inflate(
  encoded: Buffer,
  { encoding, limit, reservation }: InflateOptions,
): Promise<Buffer | Refusal> {
  const chunkSize = Math.min(Math.max(4 * encoded.length, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES);
  const decoder = DECODERS[encoding]({ chunkSize });
  const decoded: AsyncIterable<Buffer> = decoder;
  const chunks: Buffer[] = [];
  let size = 0;
  decoder.end(encoded);
  try {
    // Leaving the loop destroys the decoder.
    for await (const chunk of decoded) {
      size += chunk.length;
      if (size > limit.bytes) return tooLarge(limit);
      if (!reservation.take(chunk.length)) return noRoom();
      chunks.push(chunk);
    }
  } catch (error) {
    if (isZlibError(error)) return notDecodable(encoding);
    throw error;
  }
  return Buffer.concat(chunks, size);
}

function isZlibError(error: unknown): boolean {
  return /^(Z_(DATA|BUF)_ERROR|Z_NEED_DICT|ERR__ERROR_)/.test(codeOf(error) ?? '');
}
