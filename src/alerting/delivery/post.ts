import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** As much of a response is read; the connection is closed then. */
const RESPONSE_BYTES = 4096;

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Its beginning. */
  readonly body: Buffer;
}

/**
 * Sends a body by POST and reads the beginning of the response. Redirects are not followed. Once
 * there is a status there is a response, also when the rest of it never comes.
 *
 * @throws when there is no response; the signal's reason when it says so before.
 */
export async function post(
  url: URL,
  body: Buffer,
  options: RequestOptions & { readonly signal: AbortSignal },
): Promise<HttpResponse> {
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
  const parts: AsyncIterable<Buffer> = response;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of parts) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= RESPONSE_BYTES) break;
    }
  } catch {
    // Broken off, or too slow: the status says all that matters.
  }
  return Buffer.concat(chunks).subarray(0, RESPONSE_BYTES);
}
