import { availableParallelism, loadavg } from 'node:os';
import { formatNumber, median, renderTable, rounded } from '../lib/statistics.ts';
import type { ColdStart, Demo, Warm } from './measure.ts';

const COLD_START_MS = 90_000;
const PACKAGES_BYTES = 350e6;
const WARM_START_MS = 2_000;
/** How much the demo may exceed its announcement, which is rounded. */
const ANNOUNCED = 1.05;

export interface Results {
  readonly commit: string;
  readonly calls: number;
  readonly cold: ColdStart;
  readonly npmStart: readonly Warm[];
  readonly nodeAlone: readonly Warm[];
  readonly demo: Demo;
}

export function report({ commit, calls, cold, npmStart, nodeAlone, demo }: Results): void {
  const [busy = 0] = loadavg();
  console.log(
    `\nCommit ${commit}, ${availableParallelism()} processors, load at the end ${formatNumber(busy)}\n`,
  );
  console.log(`${renderTable(['cold start', 'from s', 'takes s'], stepRows(cold))}\n`);
  const warm = median(npmStart.map(({ milliseconds }) => milliseconds));
  const alone = median(nodeAlone.map(({ milliseconds }) => milliseconds));
  const idle = median(npmStart.map(({ peakBytes }) => peakBytes));
  const rows = [
    ['npm start, warm', seconds(warm), formatNumber(warm / alone), megabytes(idle), ''],
    ['the same without npm', seconds(alone), '1', megabytes(idleOf(nodeAlone)), ''],
    [
      'npm run demo, until filled',
      '',
      '',
      megabytes(demo.peakWhileFilling),
      formatNumber(demo.peakWhileFilling / idle),
    ],
    [
      'until some seconds later',
      seconds(demo.milliseconds),
      '',
      megabytes(demo.peakBytes),
      formatNumber(demo.peakBytes / idle),
    ],
  ];
  const header = ['', 's', '× without npm', 'most memory MB', '× warm start'];
  console.log(
    `Medians of ${npmStart.length} runs; the demo of ${formatNumber(calls)} calls, ${formatNumber(demo.events)} events, once\n`,
  );
  console.log(`${renderTable(header, rows)}\n`);

  const compared = (measured: number, announced: number) =>
    `${megabytes(measured)} MB, announced ${megabytes(announced)}`;
  const bars: [met: boolean, text: string][] = [
    [
      cold.milliseconds <= COLD_START_MS,
      `cold start: ${seconds(cold.milliseconds)} s, bar ${COLD_START_MS / 1000}`,
    ],
    [
      cold.packageBytes <= PACKAGES_BYTES,
      `node_modules: ${megabytes(cold.packageBytes)} MB in ${cold.packages} packages, bar ${PACKAGES_BYTES / 1e6}`,
    ],
    [warm <= WARM_START_MS, `warm start: ${seconds(warm)} s, bar ${WARM_START_MS / 1000}`],
    [
      demo.databaseBytes <= demo.announcedDatabaseBytes * ANNOUNCED,
      `the demo's database: ${compared(demo.databaseBytes, demo.announcedDatabaseBytes)}`,
    ],
    [
      demo.peakBytes <= demo.announcedPeakBytes * ANNOUNCED,
      `the demo's memory: ${compared(demo.peakBytes, demo.announcedPeakBytes)}`,
    ],
  ];
  for (const [met, text] of bars) console.log(`${met ? 'met   ' : 'MISSED'}  ${text}`);
  console.log(
    JSON.stringify({
      benchmark: 'start',
      calls,
      coldOfBar: rounded(cold.milliseconds / COLD_START_MS),
      packagesOfBar: rounded(cold.packageBytes / PACKAGES_BYTES),
      warmOfBar: rounded(warm / WARM_START_MS),
      warmVsWithoutNpm: rounded(warm / alone),
      demoDatabaseVsAnnounced: rounded(demo.databaseBytes / demo.announcedDatabaseBytes),
      demoMemoryVsAnnounced: rounded(demo.peakBytes / demo.announcedPeakBytes),
      demoMemoryVsWarmStart: rounded(demo.peakBytes / idle),
    }),
  );
}

/** Steps may overlap: SQLite is compiled while the rest is generated and bundled. */
function stepRows({ steps, milliseconds }: ColdStart): string[][] {
  const rows = steps.map(({ what, at }, index) => {
    const end = steps[index + 1]?.at ?? milliseconds;
    return [what, seconds(at), seconds(end - at)];
  });
  return [...rows, ['the URLs are written', seconds(milliseconds), '']];
}

const idleOf = (runs: readonly Warm[]): number => median(runs.map(({ peakBytes }) => peakBytes));
const seconds = (milliseconds: number): string => formatNumber(milliseconds / 1000);
const megabytes = (bytes: number): string => formatNumber(bytes / 1e6);
