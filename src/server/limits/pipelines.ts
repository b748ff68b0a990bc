import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/**
 * This queue, metrics, the log and query resources listen for the end of a response; Node's
 * `pipeline` adds seven listeners of its own for a long answer. From 11 on, Node would warn of a
 * leak.
 */
const MAX_LISTENERS = 20;

/**
 * Answers the requests of a connection one after another. A client may pipeline requests, and Node
 * begins all of them at once: thousands would block the event loop and bypass every limit on
 * concurrent work. Between them, other connections get their turn.
 */
export function createPipelines(answer: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, (() => void)[]>();

  function next(socket: Socket, line: (() => void)[]): void {
    const begin = socket.destroyed ? undefined : line.shift();
    if (begin === undefined) lines.delete(socket);
    else begin();
  }

  return (request, response) => {
    const { socket } = request;
    response.setMaxListeners(MAX_LISTENERS);
    const line = lines.get(socket);
    const begin = (own: (() => void)[]) => {
      response.once('close', () => setImmediate(next, socket, own));
      answer(request, response);
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
