// Node loads this module before the measured command. It writes the peak memory of the process to a
// file. The system remembers the peak, so the interval matters little.
import { renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const askEveryMs = 100;
const { BENCH_PEAK_FILE: file } = process.env;

// npm and the compilers that it starts load this module as well.
if (file !== undefined && isMainThread && process.argv[1]?.endsWith('start.mjs')) {
  const note = () => {
    // By renaming, so that a reader never finds half a number.
    writeFileSync(`${file}.new`, String(process.resourceUsage().maxRSS));
    renameSync(`${file}.new`, file);
  };
  note();
  setInterval(note, askEveryMs).unref();
  process.on('exit', note);
}
