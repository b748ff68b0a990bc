/**
 * `npm run bench:simulate`: what grows with the events per day, and what reaches its limit first,
 * on paper. It simulates rollup cells from the distribution of values, group commit by playing it,
 * and the shards of Citus by placing keys. bench/simulate/assumptions.ts contains all assumptions.
 * See docs/scaling.md.
 */
import { parseArgs } from 'node:util';
import { datasets } from '../src/declarations/registry.ts';
import { formatNumber, renderTable } from './lib/statistics.ts';
import { cellRows, commitRows, costRows, firstRows, shardRows } from './simulate/tables.ts';

const { values: flags } = parseArgs({
  options: { 'events-per-day': { type: 'string', default: '1e5,1e6,1e7,1e8,1e9,1e10' } },
});
const volumes = flags['events-per-day'].split(',').map(Number);
if (!volumes.every((volume) => volume >= 1)) {
  throw new Error('--events-per-day takes numbers of at least 1, divided by commas, such as 1e6,1e7.');
}

const TABLES = [
  cellRows(datasets, volumes),
  commitRows(datasets),
  firstRows(datasets, volumes),
  shardRows(datasets),
  costRows(datasets, volumes),
];
for (const { title, header, rows } of TABLES) {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? formatNumber(cell) : cell)));
  process.stdout.write(`${title}\n\n${renderTable(header, cells)}\n\n`);
}
