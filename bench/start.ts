/**
 * `npm run bench:start` measures the first `npm start` of a fresh clone, later starts, and the time
 * and memory that the demo takes to fill its database. It compares each with its bar. See
 * docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { cloneFresh } from './start/clone.ts';
import { measureCold, measureDemo, measureWarm, NODE_ALONE, NPM_START, type Warm } from './start/measure.ts';
import { report } from './start/report.ts';

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    calls: { type: 'string', default: '200000' },
  },
});
const runs = Number(flags.runs);
const calls = Number(flags.calls);

// A signal that ends the benchmark also ends the processes that it started, and removes the clone.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stop.abort(new Error(`The benchmark was ended by ${signal}`)));
}
const { signal } = stop;
const clone = cloneFresh();
try {
  process.stderr.write('cold start\n');
  const cold = await measureCold(clone, signal);
  // The first start that finds everything in place fills the compile cache of Node.
  await measureWarm(clone, NPM_START, signal);
  const npmStart: Warm[] = [];
  const nodeAlone: Warm[] = [];
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`warm start ${run} of ${runs}\n`);
    npmStart.push(await measureWarm(clone, NPM_START, signal));
    nodeAlone.push(await measureWarm(clone, NODE_ALONE, signal));
  }
  process.stderr.write('demo\n');
  const demo = await measureDemo(clone, calls, signal);
  report({ commit: clone.commit, calls, cold, npmStart, nodeAlone, demo });
} finally {
  clone.remove();
}
