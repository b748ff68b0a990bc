// `npm run test:faults [-- --short --minutes=30, and files or arguments of Vitest]`: the fault
// tests at length, one file after the other; docs/faults.md says what they try. Prints what each
// case does as it happens, and in the end what was found and what was not reached. A case that was
// not reached is not a failure: a busy machine does fewer rounds. FAULTS_SEED=7 repeats a run; as
// root on Linux the tests also fill disks.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inPackage } from './prepare/paths.mjs';

const DEFAULT_MINUTES = '30';
/**
 * When the time is over, a case in progress finishes its round. If that takes longer than this, it
 * hangs.
 */
const GRACE_MINUTES = 9;
const PRINT_EVERY_MS = 500;

const own = process.argv.slice(2).filter((argument) => /^--(short|minutes=.*)$/.test(argument));
const others = process.argv.slice(2).filter((argument) => !own.includes(argument));
const { values } = parseArgs({
  args: own,
  options: { short: { type: 'boolean' }, minutes: { type: 'string', default: DEFAULT_MINUTES } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  process.stderr.write(`--minutes takes a number above 0, not ${values.minutes}.\n`);
  process.exit(2);
}

const startedAt = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'telltale-faults-'));
const report = join(folder, 'report');
Object.assign(process.env, {
  FAULTS: values.short ? 'short' : 'long',
  FAULTS_REPORT: report,
  FAULTS_UNTIL: String(startedAt + minutes * 60_000),
});

/** @returns {string[]} the lines that the tests wrote */
const lines = () => (existsSync(report) ? readFileSync(report, 'utf8').split('\n').slice(0, -1) : []);
let printed = 0;
function printNew() {
  for (const line of lines().slice(printed)) {
    printed++;
    const after = new Date(Date.now() - startedAt).toISOString().slice(11, 19);
    process.stdout.write(`${after} ${line}\n`);
  }
}

setInterval(printNew, PRINT_EVERY_MS).unref();
setTimeout(
  () => {
    process.stdout.write(`Ended after ${minutes + GRACE_MINUTES} minutes: what is under way hangs.\n`);
    process.exit(1);
  },
  (minutes + GRACE_MINUTES) * 60_000,
).unref();

process.on('exit', () => {
  printNew();
  const all = lines();
  const begun = all.filter((line) => line.startsWith('begins: '));
  const names = others.filter((argument) => !argument.startsWith('-'));
  const files = readdirSync(inPackage('tests', 'faults')).filter(
    (file) =>
      file.endsWith('.test.ts') &&
      (names.length === 0 || names.some((name) => file.includes(name) || name.includes(file))),
  );
  const missing = files.filter((file) => !all.some((line) => line.includes(file)));
  const found = all.filter((line) => line.startsWith('found: '));
  const unreached = all.flatMap((line, index) => {
    if (!line.includes('not reached')) return [];
    const of = all.slice(0, index).findLast((before) => before.startsWith('begins: '));
    return [line.startsWith(' ') ? `${of?.slice('begins: '.length)}: ${line.trim()}` : line];
  });
  process.stdout.write(
    [
      '',
      `${begun.length} cases in ${Math.round((Date.now() - startedAt) / 1_000)} s. Found:`,
      ...found.map((line) => `  ${line.slice('found: '.length)}`),
      unreached.length + missing.length === 0 ? 'Everything was reached.' : 'Not reached:',
      ...unreached.map((line) => `  ${line}`),
      ...missing.map(
        (file) => `  ${file}: none of its cases began (skipped on this machine or databases, or interrupted)`,
      ),
      '',
    ].join('\n'),
  );
  rmSync(folder, { recursive: true });
});

process.argv = [
  ...process.argv.slice(0, 2),
  ...(others.some((argument) => !argument.startsWith('-')) ? [] : ['tests/faults']),
];
process.argv.push(...others, '--no-file-parallelism');
await import('./test.mjs');
