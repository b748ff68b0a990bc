import { CloseCode } from 'graphql-ws';
import { socketCredentials } from '../access/credentials.ts';
import type { Callers } from './callers.ts';
import type { OnConnect } from './socket-operations.ts';

/** The reason of a close frame has at most 123 bytes (RFC 6455, section 5.5). */
const REASON_BYTES = 123;

/**
 * Identifies who opens a WebSocket. A rejected one is closed with 4403 and the reason, and so is an
 * open one whose key stops working.
 */
export function connectCaller(callers: Callers): OnConnect {
  return async (params, extra) => {
    const { socket, request } = extra;
    const known = await callers(() => socketCredentials(params, (name) => request.headers[name]?.toString()));
    const close = (reason: string) => socket.close(CloseCode.Forbidden, cutReason(reason));
    if ('refusal' in known) {
      close(known.refusal.message);
      return false;
    }
    const { signal } = known.caller;
    const end = () => close(String(signal.reason));
    if (signal.aborted) {
      end();
      return false;
    }
    signal.addEventListener('abort', end);
    socket.on('close', () => signal.removeEventListener('abort', end));
    extra.caller = known.caller;
    return true;
  };
}

/** Cuts between characters. */
function cutReason(text: string): string {
  return Buffer.from(text)
    .subarray(0, REASON_BYTES)
    .toString('utf8')
    .replace(/\ufffd$/, '');
}
