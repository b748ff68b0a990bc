import type { ServerResponse } from 'node:http';
import type { Client } from '../graphql/context.ts';

/** The client of a request over HTTP. It leaves when it disconnects before it has its response. */
export function clientOf(response: ServerResponse): Client {
  return {
    onLeave(leave) {
      const check = () => {
        if (!response.writableFinished) leave();
      };
      if (response.closed) check();
      else response.once('close', check);
      return () => response.removeListener('close', check);
    },
  };
}

/** The client of an operation over WebSocket, which leaves when the signal aborts. */
export function clientUntil(signal: AbortSignal): Client {
  return {
    onLeave(leave) {
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      return () => signal.removeEventListener('abort', leave);
    },
  };
}
