import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Systeminformation } from 'systeminformation';
import { type GroupCpu, readGroupCpu } from './cgroup-cpu.ts';
import { type GroupMemory, readGroupMemory } from './cgroup-memory.ts';

/** What a machine uses, in percent; null: it does not tell. */
export interface MachineUse {
  /** Of the processors; in a container, of the processor time that it may have. */
  readonly cpuUsage: number | null;
  /** Of the memory that programs can have; in a container, of what that may have. */
  readonly memoryUsage: number | null;
  /** Of the fullest disk. */
  readonly diskUsage: number | null;
  /** Where that disk is mounted. */
  readonly fullestDisk: string | null;
}

export interface Sampler {
  /** What is used now; the processor since the sample before. */
  sample(): Promise<MachineUse>;
}

type Disk = Pick<Systeminformation.FsSizeData, 'type' | 'size' | 'use' | 'mount' | 'rw'>;

/** A load needs a span of time to be measured over; the first sample has none behind it. */
const FIRST_SPAN_MS = 1_000;
/** Images that are full by nature, and what lives in memory. */
const NO_DISKS = new Set(['squashfs', 'iso9660', 'udf', 'tmpfs', 'devtmpfs', 'ramfs', 'devfs']);

/** Samples this machine by systeminformation. */
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

/** What is known of the processors at one moment. */
export interface CpuReading {
  /** Percent of the machine's time since the reading before. */
  readonly machine: number;
  readonly processors: number;
  readonly group: GroupCpu | null;
  /** Milliseconds that only go forward. */
  readonly at: number;
}

/**
 * Percent of the processor time between two readings: of the group's where its limit is the lower
 * one, else of the machine's.
 */
export function cpuUsageOf(before: CpuReading, now: CpuReading): number {
  const { group, machine, processors } = now;
  // Whoever was moved to another group in between has no span of time there yet.
  if (group === null || group.limit >= processors || group.folder !== before.group?.folder) return machine;
  return ((group.usedMs - before.group.usedMs) / ((now.at - before.at) * group.limit)) * 100;
}

/**
 * Percent of the memory: of the group's where its limit is the lower one, else of the machine's.
 * What caches hold is free for the asking: "used" would call every machine full that has been up
 * for long.
 */
export function memoryUsageOf(
  { total, available }: Pick<Systeminformation.MemData, 'total' | 'available'>,
  group: GroupMemory | null,
): number {
  if (group !== null && group.limit < total) return (group.used / group.limit) * 100;
  return ((total - available) / total) * 100;
}

/** The fullest of the disks that something can be written to. */
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

/** With two decimals; null when the machine does not tell: the library gives no number then. */
export function toPercent(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Math.round(Math.min(100, Math.max(0, value)) * 100) / 100;
}
