import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.ts';

export type BodyOutcome = { readonly body: Buffer } | { readonly refusal: Refusal };

/**
 * Reads a request's body up to `limit` bytes. A longer body is not kept in memory, and the refusal
 * asks to close the connection, because the rest of the body is not read.
 *
 * @throws Error when the client disconnects before its body is complete.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<BodyOutcome> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return Promise.resolve({ refusal: unsupportedEncoding(encoding) });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    return Promise.resolve({ refusal: tooLarge(limit) });
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      request.removeAllListeners('data');
      resolve({ refusal: tooLarge(limit) });
    });
    request.on('end', () =>
      resolve({ body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) }),
    );
    request.on('error', reject);
  });
}

function tooLarge(limit: number): Refusal {
  return {
    status: 413,
    code: 'BAD_USER_INPUT',
    message: `The request body is larger than ${limit} bytes (MAX_BODY_BYTES). Send the events in smaller batches.`,
    headers: { connection: 'close' },
  };
}

function unsupportedEncoding(encoding: string): Refusal {
  return {
    status: 415,
    code: 'BAD_USER_INPUT',
    message: `The request body has the content encoding ${encoding}. Send it without a content encoding.`,
    headers: { connection: 'close', 'accept-encoding': 'identity' },
  };
}
