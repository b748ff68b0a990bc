import type { ReadScope } from '../../reading.ts';
import type { Turn } from '../turns.ts';
import type { Misdirected, StatementRequest, StatementResult } from './protocol.ts';
import type { Thread } from './thread.ts';

/**
 * Runs a statement on a thread, within the limits of the scope. When the signal aborts, the caller
 * hears of it at once; the turn ends when the thread has stopped.
 */
export function readInTurn(
  turn: Turn<{ thread(): Thread }>,
  statement: StatementRequest,
  scope: ReadScope,
): Promise<StatementResult | Misdirected> {
  const reply = runStoppable(turn.resource.thread(), statement, scope);
  reply.ended.then(turn.end, turn.end);
  return reply.result;
}

/** The result for the caller, and the end of the work. They differ if the statement is stopped. */
interface StoppableReply {
  readonly result: Promise<StatementResult | Misdirected>;
  readonly ended: Promise<unknown>;
}

export function runStoppable(
  thread: Thread,
  statement: StatementRequest,
  { signal, meter }: ReadScope,
): StoppableReply {
  const request = meter === null ? statement : { ...statement, limits: meter.left() };
  const ended = thread.request<StatementResult | Misdirected>(request).then((result) => {
    if ('rows' in result) meter?.count({ rows: result.rows.length, bytes: result.bytes ?? 0 });
    return result;
  });
  return { ended, result: signal === null ? ended : unlessAborted(ended, signal, () => thread.stop()) };
}

function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal, stop: () => void): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      stop();
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    const forget = () => signal.removeEventListener('abort', abort);
    work.then(resolve, reject).finally(forget);
  });
}
