import type { Logger } from 'pino';
import type { WebSocket } from 'ws';

/**
 * Sends a message of one or more parts. Calls `done` when it was handed to the network, or is lost;
 * before, `taken` for each part of many.
 */
export type SocketSend = (
  socket: WebSocket,
  parts: readonly (string | Buffer)[],
  done: (error?: Error | null) => void,
  taken?: (bytes: number) => void,
) => void;

/**
 * The most bytes buffered for one client, besides one result per operation. A client with more is
 * disconnected as too slow.
 */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Close code "try again later": a client that was too slow may reconnect. */
const TOO_SLOW = 1013;

export function createSocketSend(logger: Pick<Logger, 'warn'>): SocketSend {
  return (socket, parts, done, taken) => {
    if (socket.readyState !== socket.OPEN) {
      done();
      return;
    }
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      logger.warn(
        { bufferedBytes: socket.bufferedAmount },
        'A WebSocket client does not read fast enough and was disconnected',
      );
      socket.close(TOO_SLOW, 'The client does not read fast enough');
      done();
      return;
    }
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) socket.send(first, WHOLE, done);
    else sendParts(socket, parts, { done, ...(taken && { taken }) });
  };
}

const WHOLE = { fin: true, binary: false };
const MORE_FOLLOWS = { fin: false, binary: false };

interface Handed {
  readonly done: (error?: Error | null) => void;
  readonly taken?: (bytes: number) => void;
}

/** As one message in fragments: all at once, so that no other message comes between them. */
function sendParts(socket: WebSocket, parts: readonly (string | Buffer)[], { done, taken }: Handed): void {
  parts.forEach((part, index) => {
    if (index === parts.length - 1) socket.send(part, WHOLE, done);
    else {
      const { length } = part;
      // An error of one part is an error of the last, too.
      socket.send(part, MORE_FOLLOWS, taken && (() => taken(length)));
    }
  });
}
