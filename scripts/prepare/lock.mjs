import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inPackage } from './paths.mjs';

/**
 * @typedef {{ pid: number; host: string; seenAt: number }} Owner seenAt: when it last showed that
 * it lives, epoch milliseconds
 */

const pollMs = 100;
/**
 * How often the owner of the lock signals that it is alive, and after how long without a signal it
 * counts as gone. Milliseconds.
 */
const signMs = 2_000;
const goneAfterMs = 30_000;

/**
 * Containers that share a checkout have different host names, and processes with the same numbers.
 */
const host = hostname();

/**
 * Runs a task while no other process of this checkout runs one: a test run and a concurrent start
 * must not write the same generated files. Tasks of this process share the lock. The lock of a dead
 * process is taken over.
 *
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export const exclusively = createLock('prepare.lock');

/**
 * Like `exclusively`, for the compilation of a native module: it takes a minute, in which others
 * may install and generate.
 *
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export const whileNobodyCompiles = createLock('compile.lock');

/** @param {string} name of a file below .cache */
function createLock(name) {
  const file = inPackage('.cache', name);
  /**
   * How many tasks of this process run or wait under the lock, and the lock itself once a task has
   * requested it.
   */
  let tasks = 0;
  /** @type {Promise<void> | undefined} */
  let taken;
  /** @type {NodeJS.Timeout | undefined} */
  let signs;

  async function take() {
    mkdirSync(dirname(file), { recursive: true });
    while (!tryLock(file)) await delay(pollMs);
    signs = setInterval(() => utimesSync(file, new Date(), new Date()), signMs);
    signs.unref();
  }

  function release() {
    taken = undefined;
    clearInterval(signs);
    if (ownerOf(file)?.pid === process.pid) rmSync(file);
  }

  /**
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  return async (task) => {
    tasks++;
    try {
      taken ??= take();
      await taken;
      return await task();
    } finally {
      if (--tasks === 0) release();
    }
  };
}

/** @param {string} file */
function tryLock(file) {
  try {
    writeFileSync(file, `${process.pid} ${host}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const owner = ownerOf(file);
    const here = { pid: process.pid, host, now: Date.now(), isAlive };
    if (owner !== null && isGone(owner, here)) rmSync(file, { force: true });
    return false;
  }
}

/**
 * @param {string} file
 * @returns {Owner | null} the holder of the lock, and when it last signalled that it is alive; null
 *   while the file is being written or already gone
 */
function ownerOf(file) {
  try {
    const [pid = '', owner = host] = readFileSync(file, 'utf8').split(' ');
    return pid === '' ? null : { pid: Number.parseInt(pid, 10), host: owner, seenAt: statSync(file).mtimeMs };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return null;
  }
}

/**
 * Whether a lock may be taken over. This process does not hold it, so a lock with its own pid is
 * from an earlier process, as in a restarted container. Processes of another host or container are
 * not visible from here, so only their signals count.
 *
 * @param {Owner} owner
 * @param {{ pid: number; host: string; now: number; isAlive: (pid: number) => boolean }} here
 */
export function isGone(owner, here) {
  if (owner.host === here.host && (owner.pid === here.pid || !here.isAlive(owner.pid))) return true;
  return here.now - owner.seenAt > goneAfterMs;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? error.code : undefined);
