// Loaded by Node before the command that is measured: keeps in a file how much memory the process
// has taken at the most. The system remembers the peak, so it matters little how often it is asked.
import { renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const askEveryMs = 100;
const { BENCH_PEAK_FILE: file } = process.env;

// npm and the compilers below it load this as well.
if (file !== undefined && isMainThread && process.argv[1]?.endsWith('start.mjs')) {
  const note = () => {
    // Whoever reads it finds a whole number.
    writeFileSync(`${file}.new`, String(process.resourceUsage().maxRSS));
    renameSync(`${file}.new`, file);
  };
  note();
  setInterval(note, askEveryMs).unref();
  process.on('exit', note);
}
