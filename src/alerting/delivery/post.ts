import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** As much of an answer is read; the connection is closed then. */
const ANSWER_BYTES = 4096;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Its beginning. */
  readonly body: Buffer;
}

/**
 * Sends a body by POST and reads the beginning of the answer. Redirects are not followed. Once
 * there is a status there is an answer, also when the rest of it never comes.
 *
 * @throws when there is no answer; the signal's reason when it says so before.
 */
export async function post(
  url: URL,
  body: Buffer,
  options: RequestOptions & { readonly signal: AbortSignal },
): Promise<Answer> {
  const response = await exchange(url, body, options);
  try {
    return { status: response.statusCode ?? 0, headers: response.headers, body: await readStart(response) };
  } finally {
    response.destroy();
  }
}

function exchange(url: URL, body: Buffer, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const headers = { ...options.headers, 'content-length': body.byteLength };
    const request = send(url, { ...options, method: 'POST', headers }, resolve);
    // Stays: what breaks off after the answer began is the reader's matter, but must not go
    // unheard.
    request.on('error', reject);
    request.end(body);
  });
}

async function readStart(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= ANSWER_BYTES) break;
    }
  } catch {
    // Broken off, or too slow: the status says all that matters.
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES);
}
