import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** How much of a response to read before closing the connection. */
const RESPONSE_BYTES = 4096;

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The beginning of the body. */
  readonly body: Buffer;
}

/**
 * Sends a body by POST and reads the beginning of the response. Does not follow redirects. Once
 * there is a status there is a response, even if the rest never arrives.
 *
 * @throws if there is no response; the signal's reason if it aborts before.
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
    // Keeps the listener: an error after the response began concerns only its reader, but must be
    // handled.
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
    // Broken off, or too slow: the status is enough.
  }
  return Buffer.concat(chunks).subarray(0, RESPONSE_BYTES);
}
