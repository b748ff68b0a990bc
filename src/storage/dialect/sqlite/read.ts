import type { ReadScope } from '../../reading.ts';
import { fromParts, type Pass } from '../../row-parts.ts';
import type { Turn } from '../turns.ts';
import type { Misdirected, SentResult, StatementRequest, StatementResult } from './protocol.ts';
import type { Thread } from './thread.ts';

/**
 * Runs a statement on a thread, within the limits of the scope. When the signal aborts, the caller
 * gets the rejection at once; the turn ends when the thread has stopped.
 */
export function readInTurn(
  turn: Turn<{ thread(): Thread }>,
  statement: StatementRequest,
  scope: StoppableScope,
): Promise<StatementResult | Misdirected> {
  const reply = runStoppable(turn.resource.thread(), statement, scope);
  reply.ended.then(turn.end, turn.end);
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
  // Once false, the thread may work for others while the rows wait for their turns.
  let isRunning = true;
  const found = ended.then(async (sent) => {
    isRunning = false;
    if (!('rows' in sent)) return sent;
    const result = await readParts(sent, pass);
    meter?.count({ rows: result.rows.length, bytes: result.bytes ?? 0 });
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
