import type { Worker } from 'node:worker_threads';
import {
  startingThreads,
  type ThreadBody,
  type ThreadSource,
} from '../../src/storage/dialect/thread-source.ts';

/** About as many of one kind as tests open at the same time; further ones end. */
const MAX_IDLE = 6;

const starting = startingThreads();
const idle: Readonly<Record<ThreadBody, Worker[]>> = { sqlite: [], postgresql: [] };
const idleOf = new WeakMap<Worker, Worker[]>();

function forget(worker: Worker): void {
  const kind = idleOf.get(worker) ?? [];
  const position = kind.indexOf(worker);
  if (position >= 0) kind.splice(position, 1);
}

function start(body: ThreadBody): Worker {
  const worker = starting.take(body);
  idleOf.set(worker, idle[body]);
  return worker;
}

/**
 * Threads that pass from the store of one test to that of the next, so that a run starts few: they
 * keep nothing of a closed connection. Tests about threads themselves start their own.
 */
export const keptThreads: ThreadSource = {
  changesRoles: true,
  take(body) {
    const worker = idle[body].pop();
    if (worker === undefined) return start(body);
    worker.removeAllListeners('exit');
    worker.ref();
    return worker;
  },
  async giveBack(worker) {
    const kind = idleOf.get(worker) ?? [];
    if (kind.length >= MAX_IDLE) return starting.giveBack(worker);
    worker.unref();
    worker.once('exit', () => forget(worker));
    kind.push(worker);
  },
};
