import type { ReadScope } from '../../reading.ts';
import { fromParts, type Pass } from '../../row-parts.ts';
import type { Turn } from '../turns.ts';
import type { Misdirected, SentResult, StatementRequest, StatementResult } from './protocol.ts';
import type { Thread } from './thread.ts';

/**
 * Runs a statement on a thread, within the limits of the scope. When the signal aborts, the caller
 * hears of it at once; the turn ends when the thread has stopped. Otherwise it ends when all rows
 * are read: a thread that went on would fill the memory with answers for which the event loop has
 * no time yet.
 */
export function readInTurn(
  turn: Turn<{ thread(): Thread }>,
  statement: StatementRequest,
  scope: StoppableScope,
): Promise<StatementResult | Misdirected> {
  const reply = runStoppable(turn.resource.thread(), statement, scope);
  void Promise.allSettled([reply.ended, reply.result]).then(turn.end);
  return reply.result;
}

/** What stops a read, and what decides when its rows are read. */
export type StoppableScope = Pick<ReadScope, 'signal' | 'meter'> & { readonly pass: Pass };

/** The result for the caller, and the end of the work. They differ if the statement is stopped. */
interface StoppableReply {
  readonly result: Promise<StatementResult | Misdirected>;
  readonly ended: Promise<unknown>;
}

export function runStoppable(
  thread: Thread,
  statement: StatementRequest,
  { signal, meter, pass }: StoppableScope,
): StoppableReply {
  const request = meter === null ? statement : { ...statement, limits: meter.left() };
  const ended = thread.request<SentResult | Misdirected>(request);
  // From then on the thread has nothing to stop, while the rows wait for their turns.
  let isRunning = true;
  const found = ended.then(async (sent) => {
    isRunning = false;
    if (!('rows' in sent)) return sent;
    // They are in memory from now on.
    meter?.count({ bytes: sent.bytes ?? 0 });
    const result = await readParts(sent, pass);
    meter?.count({ rows: result.rows.length });
    return result;
  });
  const stop = (): void => {
    if (isRunning) thread.stop();
  };
  return { ended, result: signal === null ? found : unlessAborted(found, signal, stop) };
}

/** The result that a thread has sent, with all its rows. */
export async function readParts({ parts, ...sent }: SentResult, pass: Pass): Promise<StatementResult> {
  return parts === undefined ? sent : { ...sent, rows: await fromParts({ rows: sent.rows, parts }, pass) };
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
