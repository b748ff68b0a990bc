import type { Worker } from 'node:worker_threads';
import { startingThreads, type ThreadSource } from '../../src/storage/dialect/sqlite/thread-source.ts';

/** As many as tests open at the same time, about; further ones end. */
const MOST_IDLE = 6;

const starting = startingThreads();
const idle: Worker[] = [];

function forget(worker: Worker): void {
  const position = idle.indexOf(worker);
  if (position >= 0) idle.splice(position, 1);
}

/**
 * Threads that go from the store of one test to that of the next, so that a run starts few: they keep
 * nothing of a closed connection. Stores that are about threads themselves start their own.
 */
export const keptThreads: ThreadSource = {
  take() {
    const worker = idle.pop();
    if (worker === undefined) return starting.take();
    worker.removeAllListeners('exit');
    worker.ref();
    return worker;
  },
  async giveBack(worker) {
    if (idle.length >= MOST_IDLE) return starting.giveBack(worker);
    worker.unref();
    worker.once('exit', () => forget(worker));
    idle.push(worker);
  },
};
