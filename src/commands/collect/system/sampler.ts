import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Systeminformation } from 'systeminformation';
import { type GroupCpu, readGroupCpu } from './cgroup-cpu.ts';
import { type GroupMemory, readGroupMemory } from './cgroup-memory.ts';

/** The usage of a machine, in percent. Null if the machine does not report it. */
export interface MachineUse {
  /** Of the processors; in a container, of the processor time that it may use. */
  readonly cpuUsage: number | null;
  /** Of the memory that programs can use; in a container, of the memory that it may use. */
  readonly memoryUsage: number | null;
  /** Of the fullest disk. */
  readonly diskUsage: number | null;
  /** Where that disk is mounted. */
  readonly fullestDisk: string | null;
}

export interface Sampler {
  /** The current usage. CPU usage is since the previous sample. */
  sample(): Promise<MachineUse>;
}

type Disk = Pick<Systeminformation.FsSizeData, 'type' | 'size' | 'use' | 'mount' | 'rw'>;

/** The span over which the first sample measures CPU usage. */
const FIRST_SPAN_MS = 1_000;
/** File systems to ignore: read-only images, which are always full, and those in memory. */
const NO_DISKS = new Set(['squashfs', 'iso9660', 'udf', 'tmpfs', 'devtmpfs', 'ramfs', 'devfs']);

/** Samples this machine with the package systeminformation. */
export async function createSystemSampler(): Promise<Sampler> {
  const { default: system } = await import('systeminformation');
  let before: CpuReading | null = null;

  async function readCpu(): Promise<CpuReading> {
    const { currentLoad } = await system.currentLoad();
    return {
      machine: currentLoad,
      processors: cpus().length,
      group: await readGroupCpu(),
      at: performance.now(),
    };
  }

  async function readLoad(): Promise<number> {
    if (before === null) {
      before = await readCpu();
      await sleep(FIRST_SPAN_MS);
    }
    const now = await readCpu();
    const usage = cpuUsageOf(before, now);
    before = now;
    return usage;
  }

  return {
    async sample() {
      const [load, memory, group, disks] = await Promise.all([
        readLoad(),
        system.mem(),
        readGroupMemory(),
        system.fsSize(),
      ]);
      const disk = findFullestDisk(disks);
      return {
        cpuUsage: toPercent(load),
        memoryUsage: toPercent(memoryUsageOf(memory, group)),
        diskUsage: disk === null ? null : toPercent(disk.use),
        fullestDisk: disk?.mount ?? null,
      };
    },
  };
}

/** A reading of the processors at one instant. */
export interface CpuReading {
  /** Usage of the machine in percent since the previous reading. */
  readonly machine: number;
  readonly processors: number;
  readonly group: GroupCpu | null;
  /** A monotonic clock, in milliseconds. */
  readonly at: number;
}

/**
 * CPU usage in percent between two readings: of the group if its limit is lower than the machine's,
 * else of the machine.
 */
export function cpuUsageOf(before: CpuReading, now: CpuReading): number {
  const { group, machine, processors } = now;
  // A process that moved to another group in between has no previous reading there.
  if (group === null || group.limit >= processors || group.folder !== before.group?.folder) return machine;
  return ((group.usedMs - before.group.usedMs) / ((now.at - before.at) * group.limit)) * 100;
}

/**
 * Memory usage in percent: of the group if its limit is lower than the machine's, else of the
 * machine. Caches count as free, because they are released on demand. Counting them as used would
 * make every machine look full after a while.
 */
export function memoryUsageOf(
  { total, available }: Pick<Systeminformation.MemData, 'total' | 'available'>,
  group: GroupMemory | null,
): number {
  if (group !== null && group.limit < total) return (group.used / group.limit) * 100;
  return ((total - available) / total) * 100;
}

/** The fullest of the writable disks. */
export function findFullestDisk<Any extends Disk>(disks: readonly Any[]): Any | null {
  const real = disks.filter(
    ({ type, size, use, rw }) =>
      size > 0 && Number.isFinite(use) && rw !== false && !NO_DISKS.has(type.toLowerCase()),
  );
  return real.reduce<Any | null>(
    (fullest, disk) => (fullest === null || disk.use > fullest.use ? disk : fullest),
    null,
  );
}

/** Rounds to two decimals. Null if the library gives no number. */
export function toPercent(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Math.round(Math.min(100, Math.max(0, value)) * 100) / 100;
}
