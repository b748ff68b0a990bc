import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/**
 * This line, metrics, the log and what a query holds wait for the end of a response; Node's `pipeline` adds seven
 * listeners of its own for a long answer. From 11 on Node would warn of a leak.
 */
const MAX_LISTENERS = 20;

/**
 * Answers the requests of a connection one after another: a client may send the next ones before it
 * has the answer, and Node begins all of them at once. Thousands would hold the event loop and pass
 * by every limit of concurrent work. In between, other connections have their turn.
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
