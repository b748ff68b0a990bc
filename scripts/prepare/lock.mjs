import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { inPackage } from './paths.mjs';

const pollMs = 100;

/**
 * Runs a task while no other process of this checkout runs one: a test run and a start at the same time must not
 * write the same generated files. The lock of a process that no longer lives is taken over.
 *
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function exclusively(task) {
  const file = inPackage('.cache', 'prepare.lock');
  mkdirSync(inPackage('.cache'), { recursive: true });
  while (!tryLock(file)) await delay(pollMs);
  try {
    return await task();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!isAlive(ownerOf(file))) rmSync(file, { force: true });
    return false;
  }
}

/**
 * @param {string} file
 * @returns {number} the process that holds the lock; NaN while it is just being written or already gone
 */
function ownerOf(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return Number.NaN;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (Number.isNaN(pid)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? error.code : undefined);
