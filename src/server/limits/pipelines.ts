import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Answers the requests of a connection one after another: a client may send the next ones before it
 * has the answer, and Node begins all of them at once. Thousands would hold the event loop and pass
 * by every limit of concurrent work. In between, other connections have their turn.
 */
export function createPipelines(): (
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => void,
) => void {
  const lines = new WeakMap<Socket, (() => void)[]>();

  function next(socket: Socket, line: (() => void)[]): void {
    const begin = socket.destroyed ? undefined : line.shift();
    if (begin === undefined) lines.delete(socket);
    else begin();
  }

  return ({ socket }, response, answer) => {
    const line = lines.get(socket);
    const begin = (own: (() => void)[]) => {
      response.once('close', () => setImmediate(next, socket, own));
      answer();
    };
    if (line === undefined) {
      const own: (() => void)[] = [];
      lines.set(socket, own);
      begin(own);
      return;
    }
    line.push(() => begin(line));
  };
}
