import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inPackage } from './paths.mjs';

const pollMs = 100;

const file = inPackage('.cache', 'prepare.lock');

/** How many tasks of this process run or wait under the lock, and the lock, once one has asked for it. */
let tasks = 0;
/** @type {Promise<void> | undefined} */
let taken;

/**
 * Runs a task while no other process of this checkout runs one: a test run and a start at the same time must not
 * write the same generated files. Tasks of this process share the lock. The lock of a process that no longer lives is taken over.
 *
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function exclusively(task) {
  tasks++;
  try {
    taken ??= take();
    await taken;
    return await task();
  } finally {
    if (--tasks === 0) release();
  }
}

async function take() {
  mkdirSync(dirname(file), { recursive: true });
  while (!tryLock()) await delay(pollMs);
}

function release() {
  taken = undefined;
  if (ownerOf() === process.pid) rmSync(file);
}

function tryLock() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const owner = ownerOf();
    // This process asks for it and so has not got it: its own number is of one that had it before, as in a container that starts anew.
    if (owner === process.pid || !isAlive(owner)) rmSync(file, { force: true });
    return false;
  }
}

/**
 * @returns {number} the process that holds the lock; NaN while it is just being written or already gone
 */
function ownerOf() {
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
