import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { readRoom } from '../core/disk-room.ts';
import { codeOf } from '../core/thrown.ts';
import type { DiskUse } from './own-facts.ts';

/**
 * Reads this process's use of the processors since the last call, or since the start, in percent.
 */
export function createCpuMeter(): () => number {
  let usedBefore = process.cpuUsage();
  let readAt = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(usedBefore);
    const elapsed = performance.now() - readAt;
    usedBefore = process.cpuUsage();
    readAt = performance.now();
    return toPercent((user + system) / 1000, elapsed * availableParallelism());
  };
}

/**
 * The memory of the process in percent of its limit: the machine's memory, or the limit of its
 * container.
 */
export function memoryUsageOf(bytes: number): number {
  const limit = process.constrainedMemory() ?? 0;
  return toPercent(bytes, limit > 0 ? Math.min(limit, totalmem()) : totalmem());
}

/**
 * The use of the disk that contains a folder. Null if the folder does not exist (the server has no
 * data there), or if its file system reports no size.
 */
export async function readDisk(folder: string): Promise<DiskUse | null> {
  try {
    const stats = await statfs(folder);
    const room = readRoom(stats);
    if (room === null) return null;
    const used = stats.blocks - stats.bfree;
    return { usage: toPercent(used, used + stats.bavail), freeBytes: room.freeBytes };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * With two decimals. Clocks and counters are read one after the other, so the result may slightly
 * exceed 100.
 */
function toPercent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(100, Math.round((part / whole) * 10_000) / 100);
}
