import type { RollupGrain } from '../../src/core/dataset/rollup-set.ts';
import { CELL_DAYS, COSTS, EVENTS_PER_CALL, MACHINE, PEAK, ROW_DAYS, USE } from './assumptions.ts';
import { type CellSource, cellsOfCommit, cellVolume } from './cells.ts';
import { shardsTouched } from './shards.ts';

const DAY_S = 86_400;

/** How the events of a day arrive, and what is kept of them. */
export interface Load {
  readonly eventsPerDay: number;
  /** The share of events whose rows are stored; the cells count all of them. */
  readonly rowShare: number;
  readonly rowDays: number;
  readonly cellDays: Readonly<Record<RollupGrain, number>>;
  /** The number of events in one commit of an instance. */
  readonly eventsPerCommit: number;
  /**
   * The share of events that instances read one by one; the rest arrives as cells aggregated at the
   * edge.
   */
  readonly readShare: number;
}

/** What a load requires in the busiest minute, however it is distributed. */
export interface Needs {
  readonly peakPerSecond: number;
  /** The number of busy processors, without reserve. */
  readonly loops: number;
  readonly writers: number;
  readonly serverCores: number;
  readonly logBytesPerSecond: number;
  readonly rowBytes: number;
  readonly cellBytes: number;
  readonly cellsPerEvent: number;
}

/** The event-loop time of an event, in calls of this many. */
export const loopMs = (eventsPerCall: number): number =>
  COSTS.loopPerEvent + COSTS.loopPerCall / eventsPerCall;

export const fullLoad = (eventsPerDay: number): Load => ({
  ...{ eventsPerDay, rowShare: 1, readShare: 1, rowDays: ROW_DAYS, cellDays: CELL_DAYS },
  eventsPerCommit: Math.min(5_000, Math.max(1, (eventsPerDay * PEAK) / DAY_S / 20)),
});

export function needsOf(sources: readonly CellSource[], load: Load): Needs {
  const { eventsPerDay, rowShare, rowDays, cellDays, eventsPerCommit } = load;
  const peakPerSecond = (eventsPerDay * PEAK) / DAY_S;
  const commits = peakPerSecond / eventsPerCommit;
  const written = cellsOfCommit(sources, eventsPerCommit);
  const cells = commits * written.cells;
  const rows = peakPerSecond * rowShare;
  const work = (costs: { readonly fixed: number; readonly perEvent: number; readonly perCell: number }) =>
    (costs.fixed * commits + costs.perEvent * rows + costs.perCell * cells) / 1000;
  // The parts of all instances are merged when their bucket is over.
  const { keptBytes } = cellVolume(sources, eventsPerDay, 1, cellDays);
  return {
    peakPerSecond,
    loops: (loopMs(EVENTS_PER_CALL) * peakPerSecond * load.readShare) / 1000,
    writers: work(COSTS.postgresql),
    serverCores: work(COSTS.server),
    logBytesPerSecond: (rows * COSTS.bytesPerEvent + commits * written.bytes) * COSTS.logFactor,
    rowBytes: eventsPerDay * rowShare * rowDays * COSTS.bytesPerEvent,
    cellBytes: keptBytes,
    cellsPerEvent: cells / peakPerSecond,
  };
}

/** A resource, and the share of it that is used. */
export interface Use {
  readonly resource: string;
  readonly share: number;
}

/** What one instance with SQLite uses of its own resources, on two processors. */
export function useOfSqlite(sources: readonly CellSource[], load: Load): Use[] {
  const needs = needsOf(sources, load);
  const { fixed, perEvent, perCell } = COSTS.sqlite;
  const perCommit =
    fixed + perEvent * load.eventsPerCommit + perCell * cellsOfCommit(sources, load.eventsPerCommit).cells;
  return [
    { resource: 'event loop', share: needs.loops },
    { resource: 'writer', share: ((needs.peakPerSecond / load.eventsPerCommit) * perCommit) / 1000 },
    { resource: 'disk', share: (needs.rowBytes + needs.cellBytes) / 1e12 },
  ];
}

/** What instances use of one PostgreSQL server, and of their own resources. */
export function useOfPostgresql(sources: readonly CellSource[], load: Load, instances: number): Use[] {
  const needs = needsOf(sources, load);
  return [
    { resource: 'event loop', share: needs.loops / instances },
    { resource: 'writer', share: needs.writers / instances },
    { resource: 'database processors', share: needs.serverCores / MACHINE.cores },
    { resource: 'log', share: needs.logBytesPerSecond / MACHINE.logBytesPerSecond },
    { resource: 'disk', share: (needs.rowBytes + needs.cellBytes) / MACHINE.diskBytes },
  ];
}

/**
 * What instances use of Citus, if its workers have equal parts. All instances connect to the
 * coordinator, which takes part in every transaction.
 */
export function useOfCitus(
  sources: readonly CellSource[],
  load: Load,
  { instances, workers, shards, skew }: Cluster,
): Use[] {
  const needs = needsOf(sources, load);
  const commits = needs.peakPerSecond / load.eventsPerCommit;
  const coordination = (commits * COSTS.perShard * shardsTouched(shards, load.eventsPerCommit)) / 1000;
  const cores = workers * MACHINE.cores;
  return [
    { resource: 'event loop', share: needs.loops / instances },
    { resource: 'writer', share: (needs.writers + coordination) / instances },
    { resource: 'coordinator', share: coordination / MACHINE.cores },
    { resource: 'workers’ processors', share: (needs.serverCores / cores) * skew },
    { resource: 'log', share: (needs.logBytesPerSecond / workers / MACHINE.logBytesPerSecond) * skew },
    { resource: 'disk', share: ((needs.rowBytes + needs.cellBytes) / workers / MACHINE.diskBytes) * skew },
  ];
}

export interface Cluster {
  readonly instances: number;
  readonly workers: number;
  readonly shards: number;
  /** How much more than its share the busiest node does. */
  readonly skew: number;
}

/** The resource with the highest use. */
export const first = (uses: readonly Use[]): Use =>
  uses.reduce((most, use) => (use.share > most.share ? use : most));

/** The smallest number that keeps every share below the intended use. */
export function leastOf(use: (count: number) => readonly Use[], most = 4096): number {
  for (let count = 1; count < most; count = Math.max(count + 1, Math.ceil(count * 1.05))) {
    if (first(use(count)).share <= USE) return count;
  }
  return Number.POSITIVE_INFINITY;
}
