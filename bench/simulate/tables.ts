import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { COSTS, FEWER_CELL_DAYS, MACHINE, PRICES, USE } from './assumptions.ts';
import { type CellSource, cellSources, cellsOfCommit, cellVolume, projectsOf } from './cells.ts';
import { capacityOf, playCommits } from './commits.ts';
import { combine, type Distribution, zipf } from './distribution.ts';
import {
  first,
  fullLoad,
  type Load,
  leastOf,
  loopMs,
  needsOf,
  type Use,
  useOfCitus,
  useOfPostgresql,
  useOfSqlite,
} from './needs.ts';
import { skewOf } from './shards.ts';

export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const MAX_EVENTS_PER_COMMIT = 20_000;
const PATIENCE_MS = 1000;
const SHARDS = 128;

/** The number of rollup cells, by events per day. */
export function cellRows(datasets: readonly Dataset[], volumes: readonly number[]): Table {
  return {
    title: 'Rollup cells of one instance, and the parts that sixteen write before they are merged',
    header: [
      'events a day',
      'projects',
      'cells a day',
      'with 16',
      'per event',
      'kept',
      'of them days',
      'GB',
      'with 16',
    ],
    rows: volumes.map((volume) => {
      const sources = cellSources(datasets, projectsOf(volume));
      const [one, many] = [cellVolume(sources, volume, 1), cellVolume(sources, volume, 16)];
      const [perDay, kept] = [total(one.perDay), total(one.kept)];
      return [
        ...[volume.toExponential(0), projectsOf(volume), millions(perDay), millions(total(many.perDay))],
        ...[
          perDay / volume,
          millions(kept),
          percent(one.kept.DAY / kept),
          one.keptBytes / 1e9,
          many.keptBytes / 1e9,
        ],
      ];
    }),
  };
}

/** The capacity of one PostgreSQL writer, by events per call. */
export function commitRows(datasets: readonly Dataset[]): Table {
  const sources = cellSources(datasets, 1);
  const cellsOf = atPoints((events) => cellsOfCommit(sources, events).cells);
  const { fixed, perEvent, perCell } = COSTS.postgresql;
  const costs = { fixedMs: fixed, perEventMs: perEvent, perCellMs: perCell, cellsOf };
  return {
    title: `One instance on PostgreSQL: the most events a second, of its writer with 99 % waiting for less than ${PATIENCE_MS} ms`,
    header: [
      'events a call',
      'its event loop',
      'its writer',
      'a commit holds',
      'p50 ms',
      'p99 ms',
      'busy',
      'p99 ms at half',
    ],
    rows: [1, 10, 100, 1000].map((eventsPerCall) => {
      const traffic = { eventsPerCall, maxEventsPerCommit: MAX_EVENTS_PER_COMMIT, seconds: 20 };
      const most = capacityOf(costs, traffic, PATIENCE_MS);
      const at = playCommits(costs, { ...traffic, eventsPerSecond: most });
      const half = playCommits(costs, { ...traffic, eventsPerSecond: most / 2 });
      return [
        ...[
          String(eventsPerCall),
          1000 / loopMs(eventsPerCall),
          most,
          at.eventsPerCommit,
          at.p50Ms,
          at.p99Ms,
          percent(at.busy),
          half.p99Ms,
        ],
      ];
    }),
  };
}

/** The resource with the highest use at each step of growth. */
export function firstRows(datasets: readonly Dataset[], volumes: readonly number[]): Table {
  const steps: readonly (readonly [string, (sources: CellSource[], load: Load) => Use[]])[] = [
    ['SQLite', useOfSqlite],
    ['PostgreSQL, 1 instance', (sources, load) => useOfPostgresql(sources, load, 1)],
    ['PostgreSQL, 4 instances', (sources, load) => useOfPostgresql(sources, load, 4)],
    ['PostgreSQL, 16 instances', (sources, load) => useOfPostgresql(sources, load, 16)],
    ['Citus, 4 workers', (sources, load) => onCitus(sources, load, { instances: 16, workers: 4 })],
    ['Citus, 32 workers', (sources, load) => onCitus(sources, load, { instances: 128, workers: 32 })],
  ];
  return {
    title: 'What is used most in the busiest minute (rows for 90 days)',
    header: ['', ...volumes.map((volume) => volume.toExponential(0))],
    rows: steps.map(([name, use]) => [
      name,
      ...volumes.map((volume) => {
        const { resource, share } = first(use(cellSources(datasets, projectsOf(volume)), fullLoad(volume)));
        return `${resource} ${percent(share)}`;
      }),
    ]),
  };
}

function onCitus(
  sources: CellSource[],
  load: Load,
  { instances, workers }: { readonly instances: number; readonly workers: number },
): Use[] {
  const { nodes: skew } = skewOf(widest(sources), { shards: SHARDS, nodes: workers });
  return useOfCitus(sources, load, { instances, workers, shards: SHARDS, skew });
}

/** How evenly distribution keys spread the writes. */
export function shardRows(datasets: readonly Dataset[]): Table {
  const projects = zipf(projectsOf(1e10), 1);
  const cells = widest(cellSources(datasets, projectsOf(1e10)));
  const keys: readonly (readonly [string, Distribution])[] = [
    ['rows by their id', zipf(1e6, 0)],
    ['rows by their project', projects],
    ['cells by their values', cells],
    ['cells by project and values', combine(projects, zipf(40, 1))],
    ['cells by the start of their bucket', zipf(3, 1)],
  ];
  return {
    title: 'Shards of Citus: how much more than its part the busiest gets (128 shards; 1 is even)',
    header: ['distributed', 'busiest shard', 'of 4 workers', 'of 16', 'of 32'],
    rows: keys.map(([name, distribution]) => {
      const [four, sixteen, many] = [4, 16, 32].map((nodes) =>
        skewOf(distribution, { shards: SHARDS, nodes }),
      );
      return [name, four?.shards ?? 0, four?.nodes ?? 0, sixteen?.nodes ?? 0, many?.nodes ?? 0];
    }),
  };
}

/** The minimum that each architecture requires, and its cost. */
export function costRows(datasets: readonly Dataset[], volumes: readonly number[]): Table {
  return {
    title: `The least that carries the load at ${percent(USE)} (machines of ${MACHINE.cores} processors, ${MACHINE.diskBytes / 1e12} TB)`,
    header: ['events a day', 'way', 'peak/s', 'instances', 'servers', 'TB', '$ a month'],
    rows: volumes.flatMap((volume) => {
      const sources = cellSources(datasets, projectsOf(volume));
      const full = fullLoad(volume);
      const fewer = { ...full, rowDays: 7, cellDays: FEWER_CELL_DAYS };
      const sampled = { ...fewer, rowShare: 0.01 };
      const folded = { ...sampled, readShare: 0.02, eventsPerCommit: full.eventsPerCommit * 20 };
      const ways: readonly (readonly [string, Load])[] = [
        ['every row for 90 days', full],
        ['every row for 7, cells for fewer', fewer],
        ['1 row of 100, cells of all', sampled],
        ['the same, folded at the edge', folded],
      ];
      return ways.map(([name, load]) => [volume.toExponential(0), name, ...leastFor(sources, load)]);
    }),
  };
}

function leastFor(sources: CellSource[], load: Load): (string | number)[] {
  const instances = leastOf((count) => useOfPostgresql(sources, load, count).slice(0, 2));
  const servers = leastOf((workers) =>
    useOfCitus(sources, load, { instances, workers, shards: SHARDS, skew: workers === 1 ? 1 : 1.1 }).slice(3),
  );
  const { peakPerSecond, rowBytes, cellBytes } = needsOf(sources, load);
  const terabytes = (rowBytes + cellBytes) / 1e12;
  const cores = instances * 2 + servers * MACHINE.cores;
  return [peakPerSecond, instances, servers, terabytes, cores * PRICES.core + terabytes * PRICES.terabyte];
}

/** The set with the most combinations, and so the most cells. */
function widest(sources: readonly CellSource[]): Distribution {
  const size = (source: CellSource) => source.distribution.reduce((sum, { count }) => sum + count, 0);
  return sources.reduce((most, source) => (size(source) > size(most) ? source : most)).distribution;
}

/** Computes at powers of 1.5 and interpolates between them: commits have many sizes. */
function atPoints(compute: (value: number) => number): (value: number) => number {
  const known = new Map<number, number>();
  const at = (power: number): number => {
    const value = known.get(power) ?? compute(1.5 ** power);
    known.set(power, value);
    return value;
  };
  return (value) => {
    const power = Math.log(value) / Math.log(1.5);
    const low = Math.floor(power);
    return at(low) + (at(low + 1) - at(low)) * (power - low);
  };
}

const total = ({ MINUTE, HOUR, DAY }: { MINUTE: number; HOUR: number; DAY: number }) => MINUTE + HOUR + DAY;
const millions = (value: number) => `${(value / 1e6).toPrecision(3)} M`;
const percent = (share: number) => `${Math.round(share * 100)} %`;
